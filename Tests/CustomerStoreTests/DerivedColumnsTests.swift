import CustomerModel
import ProtoWire
import TestSupport
import Testing

@testable import CustomerStore

@Suite struct DerivedColumnsTests {
  private func text(_ customer: Customer, _ part: KeyPath<DerivedColumns, Range<Int>>) -> String {
    let derived = DerivedColumns(customer)
    return String(decoding: derived.bytes[derived[keyPath: part]], as: UTF8.self)
  }

  @Test func sortsByLastFirstAndDisplayName() {
    var customer = Customer()
    customer.firstName = "Zoë"
    customer.lastName = "Łęcka"
    customer.displayName = "Z. Łęcka"
    #expect(text(customer, \.sortKey) == "lecka\tzoe\tz. lecka")
    #expect(text(Customer(), \.sortKey) == "\t\t")
  }

  @Test func searchesNamesEmailAndAddresses() {
    var customer = testCustomer(1)
    #expect(
      text(customer, \.text)
        == "\tjose\tobrien\nuser.1@example1.com\n1 high street\nfortitude valley qld 4001"
    )
    customer.displayName = "Pepe"
    customer.emailAddress = ""
    customer.addresses = []
    #expect(text(customer, \.text) == "\tjose\tobrien\tpepe")
    #expect(text(Customer(), \.text) == "")
  }

  /// The hash is one of another program: SipHash-2-4 of name and value, 0xFF behind each.
  @Test func makesATermOfEachValue() {
    var customer = testCustomer(1)
    customer.phones[0].numberLocal = "(04) 1000-0001"
    customer.attributes = ["Account Number": "ACC_1 =é", "tier": ""]
    #expect(
      text(customer, \.terms) == """
        fjose wjose wobrien d61410000001 r10000001416 \
        naccount_20number aaccount_20number=acc_5f1_20_3d_c3_a9__fbf0de40f23cb4d0 ntier atier= \
        pc4001
        """
    )
    #expect(text(Customer(), \.terms) == "")
  }

  @Test func keepsALocalNumberThatIsNoEndOfTheInternationalOne() {
    var customer = Customer()
    var phone = PhoneNumber()
    phone.numberLocal = "0800 123"
    customer.phones = [phone]
    #expect(text(customer, \.terms) == "d0800123 r3210080")
    phone.numberInternational = "+61 7 3123 4567"
    customer.phones = [phone]
    #expect(text(customer, \.terms) == "d61731234567 r76543213716 d0800123 r3210080")
  }

  @Test func cutsALongValueBetweenEscapes() {
    let word = SearchTerm.attribute("n", String(repeating: "é", count: 500))
    // Six bytes a letter, so exactly twenty letters in 120 bytes.
    #expect(
      String(decoding: word, as: UTF8.self)
        == "an=" + String(repeating: "_c3_a9", count: 20) + "__6a64cc8a549a7ba6"
    )
    let longer = SearchTerm.attribute("n", "x" + String(repeating: "é", count: 500))
    #expect(longer.count == 3 + 118 + 18)
    let plain = SearchTerm.attribute("n", String(repeating: "x", count: 121))
    #expect(
      String(decoding: plain, as: UTF8.self)
        == "an=" + String(repeating: "x", count: SearchTerm.valueBytesMax) + "__e8cf9862c26d578d"
    )
    let whole = SearchTerm.attribute("n", String(repeating: "x", count: SearchTerm.valueBytesMax))
    #expect(whole == Array(("an=" + String(repeating: "x", count: 120)).utf8))
  }

  /// The SQLite shell takes the JSON apart again.
  @Test(.enabled(if: ExternalTool.isExpected("sqlite3")))
  func writesAttributesAsJSON() throws {
    var customer = Customer()
    customer.attributes["a \"b\" \\"] = "line\nbreak \u{1} é 🦆"
    let json = text(customer, \.attributes)
    let literal = json.split(separator: "'", omittingEmptySubsequences: false).joined(
      separator: "''"
    )
    let answer = try shell(
      ":memory:",
      "SELECT hex(key) || ' ' || hex(value) FROM json_each('\(literal)')"
    )
    func hexadecimal(_ text: String) -> String {
      text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
    #expect(
      answer == [hexadecimal("a \"b\" \\") + " " + hexadecimal("line\nbreak \u{1} é 🦆")]
    )
  }
}
