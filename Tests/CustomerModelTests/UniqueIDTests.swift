import Testing

@testable import CustomerModel

@Suite struct UniqueIDTests {
  /// RFC 9562's examples (appendix A), all versions.
  @Test(arguments: [
    "c232ab00-9414-11ec-b3c8-9f6bdeced846", "5df41881-3aed-3515-88a7-2f4a814cf09e",
    "919108f7-52d1-4320-9bac-f847db4148a8", "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    "1ec9414c-232a-6b00-b3c8-9f6bdeced846", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    "00000000-0000-0000-0000-000000000001", "ffffffff-ffff-ffff-ffff-fffffffffffe",
    "00000000-0000-0001-0000-000000000000", "7fffffff-ffff-ffff-ffff-ffffffffffff",
  ])
  func printsWhatItReads(_ text: String) throws {
    #expect(try UniqueID(text).description == text)
    #expect(try UniqueID(text.uppercased()).description == text)
    #expect(UniqueID.isNormal(text))
  }

  @Test func knowsNormalFormByCase() {
    #expect(!UniqueID.isNormal("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"))
    #expect(!UniqueID.isNormal("017f22e2-79b0-7cc3-98c4-dc0c0c07398F"))
  }

  @Test(arguments: [
    "", "017f22e2", "017f22e279b07cc398c4dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2079b0-7cc3-98c4-dc0c0c07398f",
    "017f22e-279b0-7cc3-98c4-dc0c0c07398f", "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    "017f22e2-79b0-7cc3-98c4-dc0c0c0739é", "urn:uuid:017f22e2-79b0-7cc3-98c4-dc0",
    " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398\0",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398/", "017f22e2-79b0-7cc3-98c4-dc0c0c07398`",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398:", "017f22e2-79b0-7cc3-98c4-dc0c0c07398@",
  ])
  func refusesOtherForms(_ text: String) {
    #expect(throws: UniqueIDError.form) { try UniqueID(text) }
    #expect(!UniqueID.isNormal(text))
  }

  @Test func refusesNilAndMax() {
    let texts = ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]
    #expect(throws: UniqueIDError.nilUUID) { try UniqueID(texts[0]) }
    #expect(throws: UniqueIDError.maxUUID) { try UniqueID(texts[1]) }
    #expect(throws: UniqueIDError.maxUUID) { try UniqueID(texts[1].uppercased()) }
    #expect(!UniqueID.isNormal(texts[0]))
    #expect(!UniqueID.isNormal(texts[1]))
  }

  @Test func errorsDontShowTheText() {
    #expect(UniqueIDError.form.description == "not a UUID of 8-4-4-4-12 hexadecimal digits")
    #expect(UniqueIDError.nilUUID.description == "the nil UUID names nothing")
    #expect(UniqueIDError.maxUUID.description == "the max UUID names nothing")
  }

  @Test func comparesAsItsText() throws {
    let texts = [
      "0fffffff-0000-0000-0000-000000000000", "10000000-0000-0000-0000-000000000000",
      "10000000-0000-0000-7000-000000000000", "10000000-0000-0000-8000-000000000000",
      "f0000000-0000-0000-0000-000000000000",
    ]
    #expect(try texts.reversed().map(UniqueID.init).sorted().map(\.description) == texts)
  }
}
