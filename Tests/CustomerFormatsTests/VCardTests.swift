import CustomerModel
import Foundation
import ProtoWire
import Testing

@testable import CustomerFormats

@Suite struct VCardTests {
  @Test func whatIsNotThereIsLeftOut() {
    var customer = Customer(customerID: "x")
    customer.phones = [PhoneNumber(), PhoneNumber(), PhoneNumber()]
    customer.phones[1].numberLocal = "07; 32"
    customer.phones[2].type = .phone
    customer.phones[2].numberInternational = "+61 7"
    customer.addresses = [Address(), Address()]
    customer.addresses[1].address2 = "a,b"
    let lines = VCard(customer).lines.map(\.folded)
    #expect(
      lines.dropFirst(2) == [
        "UID:urn:uuid:x\r\n", "FN:07\\; 32\r\n", "TEL:07\\; 32\r\n", "TEL;TYPE=voice:+61 7\r\n",
        "ADR:;;a\\,b;;;;\r\n", "END:VCARD\r\n",
      ]
    )
  }

  @Test(arguments: [
    ("company", "A;B", "ORG:A\\;B"), ("Organisation", "A", "ORG:A"), ("job_title", "x", "TITLE:x"),
    ("role", "x", "ROLE:x"), ("Notes", "a, b", "NOTE:a\\, b"),
    ("nickname", "J,J", "NICKNAME:J\\,J"),
    ("website", "https://example.com/?a=1,2;b", "URL:https://example.com/?a=1,2;b"),
    ("url", "example.com", "X-ATTRIBUTE;X-NAME=url:example.com"),
    ("date_of_birth", "19300213", "BDAY:19300213"), ("Birthday", "1930-02-13", "BDAY:19300213"),
    ("birthday", "1930-02-30", "X-ATTRIBUTE;X-NAME=birthday:1930-02-30"),
    ("birthday", "13 May", "X-ATTRIBUTE;X-NAME=birthday:13 May"),
    ("note", "", "X-ATTRIBUTE;X-NAME=note:"),
    ("a;b:\"c\"^", "x\\y", "X-ATTRIBUTE;X-NAME=\"a;b:^'c^'^^\":x\\\\y"),
    ("title", "Dr", "X-ATTRIBUTE;X-NAME=title:Dr"),
  ])
  func attributesBecomeProperties(_ name: String, _ value: String, _ line: String) {
    var customer = Customer(firstName: "Ann")
    customer.attributes[name] = value
    #expect(VCard(customer).lines.map(\.folded).contains(line + "\r\n"))
  }

  @Test func aCardHasOneBirthday() {
    var customer = Customer(firstName: "Ann")
    customer.attributes["birthday"] = "19300213"
    customer.attributes["dateOfBirth"] = "19300214"
    let lines = VCard(customer).lines.map(\.folded)
    #expect(lines.contains("BDAY:19300213\r\n"))
    #expect(lines.contains("X-ATTRIBUTE;X-NAME=dateOfBirth:19300214\r\n"))
  }

  @Test func lineEndsAreEscapedAndOtherControlsLeftOut() {
    #expect(
      ContentLine("NOTE", text: "a\nb\r\nc\rd\u{0}\u{7}e\tf").folded == "NOTE:a\\nb\\nc\\nde\tf\r\n"
    )
  }

  /// RFC 6350, 3.2: 75 octets without the line's end, characters whole.
  @Test func foldsAt75OctetsBetweenCharacters() {
    let fits = String(repeating: "x", count: ContentLine.octetsMax - 5)
    #expect(ContentLine("NOTE", text: fits).folded == "NOTE:\(fits)\r\n")
    #expect(ContentLine("NOTE", text: fits + "yz").folded == "NOTE:\(fits)\r\n yz\r\n")
    #expect(
      ContentLine("NOTE", text: fits.dropLast() + "éa").folded
        == "NOTE:\(fits.dropLast())\r\n éa\r\n"
    )
    let long = String(repeating: "🙂é ", count: 200)
    let pieces = ContentLine("NOTE", text: long).folded.components(separatedBy: "\r\n")
    #expect(pieces.allSatisfy { $0.utf8.count <= ContentLine.octetsMax })
    #expect(pieces.dropLast().dropFirst().allSatisfy { $0.utf8.first == 0x20 })
    #expect(
      pieces.enumerated().map { $0 == 0 ? $1 : String($1.dropFirst()) }.joined() == "NOTE:" + long
    )
  }
}
