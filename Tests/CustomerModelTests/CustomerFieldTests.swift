import Foundation
import ProtoJSON
import ProtoWire
import Testing
import WellKnownTypes

@testable import CustomerModel

/// The vocabulary of fields against the schema's own text.
@Suite struct CustomerFieldTests {
  @Test func namesAreThoseOfTheSchema() throws {
    let text = try schema()
    #expect(try fields(of: "Customer", in: text) == Set(CustomerField.allCases.map(\.schemaName)))
    let phone = Set(PhonePart.allCases.map { schemaName($0.rawValue) })
    #expect(try fields(of: "PhoneNumber", in: text) == phone)
    let address = Set(AddressPart.allCases.map { schemaName($0.rawValue) })
    #expect(try fields(of: "Address", in: text) == address)
  }

  /// A field that the vocabulary has forgotten is named by the test above.
  @Test func aForgottenFieldIsNamed() throws {
    let time = "  google.protobuf.Timestamp update_time = 11;\n"
    let text = try schema().replacing(time, with: time + "  string company_name = 12;\n")
    let known = Set(CustomerField.allCases.map(\.schemaName))
    #expect(try fields(of: "Customer", in: text).subtracting(known) == ["company_name"])
  }

  @Test func kindsOfNumbersAreThoseOfTheSchema() throws {
    let text = try schema()
    let body = try #require(text.firstMatch(of: /enum Kind \{\n(?s:.*?)\n  \}/)).output
    let kinds = body.matches(of: /(\w+) = (\d+);/).map { (String($0.1), Int32($0.2) ?? -1) }
    #expect(kinds.map(\.0) == PhoneNumber.Kind.named.map(\.name))
    #expect(kinds.map(\.1) == PhoneNumber.Kind.named.map(\.kind.rawValue))
  }

  /// Written by path, a text stands in JSON under the name of its path: names and places agree.
  @Test func everyTextStandsWhereItsNameSays() throws {
    let codec = try JSONCodec<Customer>()
    for field in CustomerField.allCases where !field.isCollection {
      let text =
        switch field.content {
        case .version: "7"
        case .time: "2026-01-31T12:00:00Z"
        default: "value"
        }
      var customer = Customer()
      try FieldPath.field(field).set(text, in: &customer)
      let json = String(decoding: try codec.json(of: customer), as: UTF8.self)
      #expect(json.filter { $0 != " " }.contains("\"\(field.jsonName)\":\"\(text)\""))
      #expect(FieldPath.field(field).text(in: customer) == text)
    }
    for part in PhonePart.allCases {
      let text = part == .type ? "Mobile" : "value"
      var customer = Customer()
      try FieldPath.phone(0, part).set(text, in: &customer)
      let json = String(decoding: try codec.json(of: customer), as: UTF8.self)
      #expect(json.filter { $0 != " " }.contains("\"\(part.rawValue)\":\"\(text)\""))
    }
    for part in AddressPart.allCases {
      var customer = Customer()
      try FieldPath.address(0, part).set("value", in: &customer)
      let json = String(decoding: try codec.json(of: customer), as: UTF8.self)
      #expect(json.filter { $0 != " " }.contains("\"\(part.rawValue)\":\"value\""))
    }
  }

  @Test func aFieldIsCopiedAlone() {
    for field in CustomerField.allCases {
      var copy = Customer()
      field.copy(from: full, to: &copy)
      #expect(CustomerField.allCases.filter { !$0.isEmpty(in: copy) } == [field])
    }
  }

  @Test func labelsAreToldApart() {
    #expect(Set(CustomerField.allCases.map(\.label)).count == CustomerField.allCases.count)
  }

  private var full: Customer {
    sampleCustomer {
      $0.createTime = .init(seconds: 1)
      $0.updateTime = .init(seconds: 2)
    }
  }

  private func schema() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(
      contentsOf: root.appendingPathComponent("Schema/customers.proto"),
      encoding: .utf8
    )
  }

  /// The names of a message's fields.
  private func fields(of message: String, in schema: String) throws -> Set<String> {
    let body = schema.components(separatedBy: "\nmessage \(message) {").dropFirst().first
      .map { $0.components(separatedBy: "\n}")[0] }
    return Set(try #require(body).matches(of: /\n  \w[\w.<>, ]* (\w+) = \d+;/).map { String($0.1) })
  }

  private func schemaName(_ jsonName: String) -> String {
    jsonName.replacing(/[A-Z]/) { "_" + $0.output.lowercased() }
  }
}
