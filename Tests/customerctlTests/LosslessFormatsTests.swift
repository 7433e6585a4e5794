import CommandLineTestSupport
import CustomerModel
import Foundation
import ProtoWire
import ServiceInMemory
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerFormats
@testable import customerctl

/// What is exported is imported as it was, whatever it is.
@Suite struct LosslessFormatsTests {
  /// The formats that are read back, as options of `export`.
  static let formats = [
    ["-o", "json"], ["-o", "ndjson"], ["-o", "csv"], ["-o", "tsv"], ["--excel"],
  ]

  private func nasty(_ count: Int) throws -> [Customer] {
    var customers = NastyCustomers(using: SeededGenerator.announced())
    return try (0..<count).map { _ in try customers.next() }
  }

  /// Customers with all that a store gives them.
  private func stored(_ customers: [Customer]) -> [Customer] {
    customers.enumerated().map { place, customer in
      var customer = customer
      let id = UUIDv7Generator.id(milliseconds: 1, randomHigh: 0, randomLow: UInt64(place))
      customer.customerID = id.description
      customer.version = 1
      customer.createTime = Timestamp(seconds: ServiceInMemory.startSeconds, nanos: 0)
      customer.updateTime = customer.createTime
      return customer
    }
  }

  private func export(_ customers: [Customer], _ options: [String]) async throws -> String {
    let service = try ServiceInMemory()
    try await service.put(customers)
    let run = try await TestRun(["export"] + options, service: service)
    #expect(run.status == 0, "\(run.errors)")
    return run.output
  }

  /// Reads a file that comes in pieces, its form told by its beginning.
  private func read(_ text: String, pieces: Int = 4096) throws -> [Customer] {
    var rows = ImportRows(format: nil, settings: ColumnMapping.Settings())
    var customers: [Customer] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      try rows.append(Array(rest.prefix(pieces)))
      rest = rest.dropFirst(pieces)
      while let row = try rows.next() { customers.append(try row.content.get()) }
    }
    try rows.finish()
    while let row = try rows.next() { customers.append(try row.content.get()) }
    return customers
  }

  @Test(arguments: formats)
  func everyCustomerComesBackAsItWas(_ options: [String]) async throws {
    let customers = try nasty(60)
    let text = try await export(customers, options)
    for pieces in [101, 65_536] {
      let found = try read(text, pieces: pieces)
      #expect(found.count == customers.count)
      for (one, other) in zip(found, customers) { #expect(one == other) }
    }
    #expect(try await export(try read(text), options) == text)
  }

  /// One at a time too: nothing about one customer hides in the columns of others.
  @Test(arguments: formats)
  func aCustomerAloneComesBackAsItWas(_ options: [String]) async throws {
    for customer in try nasty(60) {
      #expect(try read(try await export([customer], options)) == [customer])
    }
  }

  @Test(arguments: formats)
  func anEmptyAttributeIsNotAMissingOne(_ options: [String]) async throws {
    var with = Customer(firstName: "Ann")
    with.attributes["a"] = ""
    with.attributes["b"] = "'"
    var without = Customer(firstName: "Bob")
    without.attributes["b"] = "\"\""
    let customers = stored([with, without, Customer(firstName: "Cy")])
    #expect(try read(try await export(customers, options)) == customers)
  }

  @Test(arguments: formats)
  func unknownTypesOfPhonesStay(_ options: [String]) async throws {
    var customer = Customer(firstName: "Ann")
    var phone = PhoneNumber()
    phone.key = "6f1c2b0e-6a3d-4c59-8f4e-0a1d2c3b4e5f"
    customer.phones.append(phone)
    phone.type = PhoneNumber.Kind(rawValue: 77)
    customer.phones.append(phone)
    let customers = stored([customer])
    #expect(try read(try await export(customers, options)) == customers)
  }

  /// `--attributes` with names of the users' own: columns don't grow without end.
  @Test func attributesPastTheColumnsShareOne() async throws {
    var customers: [Customer] = []
    for number in 0..<40 {
      var customer = Customer(firstName: "p\(number)")
      for place in 0..<50 { customer.attributes["n\(number * 50 + place)"] = "\"\(place)\"" }
      customers.append(customer)
    }
    customers = stored(customers)
    let text = try await export(customers, ["-o", "csv"])
    let heads = text.prefix { $0 != "\n" }.split(separator: ",")
    #expect(heads.count == CustomerColumns.attributesMax + 9 && heads.last == "attributes")
    #expect(try read(text) == customers)
    // At the limit each has its own, one past it there is one column more.
    for count in [10, 11] {
      var columns = CustomerColumns()
      for customer in customers.prefix(count) { columns.include(customer) }
      #expect(columns.heads.contains("attributes") == (count > 10))
      #expect(columns.heads.count == CustomerColumns.attributesMax + 8 + count - 10)
    }
  }

  /// Python's csv module finds the cells that were written, in each of the three tables.
  @Test(.enabled(if: ExternalTool.isExpected("python3")), arguments: formats.suffix(3))
  func pythonReadsTheSameTable(_ options: [String]) async throws {
    let customers = try nasty(60)
    let text = try await export(customers, options)
    let output = try python(
      """
      import csv, io, json, sys
      text = sys.stdin.buffer.read().decode('utf-8-sig')
      delimiter = '\\t' if text.startswith('customerId\\t') else ','
      print(json.dumps(list(csv.reader(io.StringIO(text, newline=''), delimiter=delimiter))))
      """,
      Array(text.utf8)
    )
    let rows = try JSONDecoder().decode([[String]].self, from: Data(output.utf8))
    var columns = CustomerColumns()
    for customer in customers { columns.include(customer) }
    let isGuarded = options == ["--excel"]
    func cell(_ text: String?) -> String {
      isGuarded ? text.map(SpreadsheetText.guarded) ?? "" : text ?? ""
    }
    #expect(rows.first == columns.heads.map(cell))
    for (row, customer) in zip(rows.dropFirst(), customers) {
      #expect(row == columns.cells(of: customer, columns.fields).map(cell))
    }
    #expect(rows.count == customers.count + 1)
  }

  /// Python's json module finds the texts that were written, and what it writes is read.
  @Test(.enabled(if: ExternalTool.isExpected("python3")), arguments: ["True", "False"])
  func pythonReadsAndWritesTheSameJSON(_ escapes: String) async throws {
    let customers = try nasty(60)
    let text = try await export(customers, ["-o", "json"])
    let output = try python(
      """
      import json, sys
      export = json.load(sys.stdin.buffer)
      print(json.dumps([[c.get('firstName', ''), c.get('lastName', ''), c.get('attributes', {})]
                        for c in export['customers']]))
      json.dump(export, sys.stdout, ensure_ascii=\(escapes), indent=1)
      """,
      Array(text.utf8)
    )
    let end = try #require(output.utf8.firstIndex(of: UInt8(ascii: "\n")))
    let seen = try #require(
      try JSONSerialization.jsonObject(with: Data(output[..<end].utf8)) as? [[Any]]
    )
    for (values, customer) in zip(seen, customers) {
      #expect(same(values[0], customer.firstName) && same(values[1], customer.lastName))
      let attributes = try #require(values[2] as? [String: String])
      #expect(attributes.count == customer.attributes.count)
    }
    #expect(seen.count == customers.count)
    #expect(try read(String(output[end...])) == customers)
  }

  private func same(_ value: Any, _ text: String) -> Bool {
    (value as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
  }
}
