import Testing

@testable import CustomerModel

@Suite struct CountryCodeTests {
  @Test func knowsTheCodesOfISOAndKosovo() {
    #expect(CountryCode.all.count == 250)
    #expect(Set(CountryCode.all).count == 250)
    #expect(CountryCode.all.allSatisfy { CountryCode.isNormal(String($0)) })
  }

  @Test(arguments: [("au", "AU"), ("Gb", "GB"), ("zW", "ZW"), ("xk", "XK"), ("AD", "AD")])
  func writesCodesInUpperCase(text: String, code: String) throws {
    #expect(try CountryCode.normal(text) == code)
  }

  @Test(arguments: [
    ("UK", "'UK' is no country code (ISO 3166-1 alpha-2), did you mean GB?"),
    ("uk", "'UK' is no country code (ISO 3166-1 alpha-2), did you mean GB?"),
    ("EL", "'EL' is no country code (ISO 3166-1 alpha-2), did you mean GR?"),
    ("EU", "'EU' is no country code (ISO 3166-1 alpha-2)"),
    ("ZZ", "'ZZ' is no country code (ISO 3166-1 alpha-2)"),
    ("AN", "'AN' is no country code (ISO 3166-1 alpha-2)"),
    ("SU", "'SU' is no country code (ISO 3166-1 alpha-2)"),
    ("A1", "'A1' is no country code (ISO 3166-1 alpha-2)"),
    ("@@", "'@@' is no country code (ISO 3166-1 alpha-2)"),
    ("[[", "'[[' is no country code (ISO 3166-1 alpha-2)"),
    ("\u{1}\u{2}", "'\\u{1}\\u{2}' is no country code (ISO 3166-1 alpha-2)"),
    ("A", "not a country code of two letters (ISO 3166-1 alpha-2)"),
    ("AUS", "not a country code of two letters (ISO 3166-1 alpha-2)"),
    ("é", "not a country code of two letters (ISO 3166-1 alpha-2)"),
    ("ÀU", "not a country code of two letters (ISO 3166-1 alpha-2)"),
    ("Australia", "not a country code of two letters (ISO 3166-1 alpha-2)"),
  ])
  func refuses(text: String, description: String) {
    let error = #expect(throws: CountryCodeError.self) { try CountryCode.normal(text) }
    #expect(error?.description == description)
    #expect(!CountryCode.isNormal(text))
  }
}
