import Testing

@testable import CustomerModel

@Suite struct InternationalNumberTests {
  @Test(arguments: [
    ("+61491570006", "+61491570006"), ("+61 491 570 006", "+61491570006"),
    ("+1 (202) 555-0123", "+12025550123"), ("+49/30/1234.567", "+49301234567"),
    ("+44\u{A0}20\u{2011}7946\u{2013}0958", "+442079460958"),
    ("(+33) 1 23 45 67 89", "+33123456789"),
    ("+44 (0)20 7946 0958", "+442079460958"), ("+61 (0) 491 570 006", "+61491570006"),
    ("+39 (0)6 698 12345", "+390669812345"), ("+999 (0)12 345678", "+999012345678"),
    ("\u{200E}+1 234567\u{200F}", "+1234567"), ("+1234567", "+1234567"),
    ("+123456789012345", "+123456789012345"),
  ])
  func removesPunctuation(text: String, number: String) throws {
    #expect(try InternationalNumber.normal(text) == number)
    #expect(InternationalNumber.isNormal(text) == (text == number))
  }

  @Test(arguments: [
    ("61491570006", "an international number starts with + and the country's code"),
    ("0061 491 570 006", "an international number starts with + and the country's code"),
    ("()", "an international number starts with + and the country's code"),
    ("4+91570006", "an international number starts with + and the country's code"),
    ("+", "0 digits is under the minimum of 7"),
    ("+123456", "6 digits is under the minimum of 7"),
    ("+1 2 3-4 5 6", "6 digits is under the minimum of 7"),
    ("+1234567890123456", "16 digits is over the limit of 15"),
    ("+6149157+006", "U+002B is neither a digit nor punctuation"),
    ("++61491570006", "U+002B is neither a digit nor punctuation"),
    ("+61 2 5550 1234 ext 5", "U+0065 is neither a digit nor punctuation"),
    ("+61 2 5550 1234~5", "U+007E is neither a digit nor punctuation"),
    ("+6149157\u{7}0006", "U+0007 is neither a digit nor punctuation"),
    ("+6149157000\u{666}", "U+0666 is neither a digit nor punctuation"),
    ("+6149157000\u{301}", "U+0301 is neither a digit nor punctuation"),
  ])
  func refuses(text: String, description: String) {
    let error = #expect(throws: InternationalNumberError.self) {
      try InternationalNumber.normal(text)
    }
    #expect(error?.description == description)
    #expect(!InternationalNumber.isNormal(text))
  }
}
