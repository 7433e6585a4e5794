import CustomerModel
import ProtoWire
import SQLite
import Testing

@testable import CustomerStore

/// How an import finds customers by an attribute, however many look alike.
@Suite struct ImportMatchTests {
  let folder: TestFolder
  let store: SQLiteRepository

  init() throws {
    folder = try TestFolder()
    store = try SQLiteRepository(folder.options())
  }

  private func rows(_ values: [String], from number: Int = 0, name: String = "key") -> [ImportRow] {
    values.enumerated().map { pair in
      var customer = testCustomer(number + pair.offset)
      customer.customerID = ""
      customer.attributes = [name: pair.element]
      return ImportRow(customer: customer, newID: testID(number + pair.offset))
    }
  }

  private func outcomes(
    _ rows: [ImportRow],
    name: String = "key",
    mode: ImportMode = .upsert
  ) async throws -> [WrittenRecord.Outcome] {
    let match = ImportMatch.attribute(name)
    let results = try await store.importRows(rows, mode: mode, match: match, testStamp(1)) {
      row,
      _ in row.customer
    }
    return try results.map { try $0.get().outcome }
  }

  /// 150 values of one word but for what is behind its first 120 bytes, or for case.
  static let alike: [[String]] = [
    (0..<150).map { String(repeating: "x", count: 200) + "\($0)" },
    (0..<150).map { number in
      String((0..<8).map { number >> $0 & 1 == 1 ? Character("K") : Character("k") })
    },
    (0..<150).map { number in
      String((0..<8).map { number >> $0 & 1 == 1 ? Character("É") : Character("é") })
    },
  ]

  @Test(arguments: alike, [false, true])
  func theSameFileTwiceChangesNothing(_ values: [String], isIndexed: Bool) async throws {
    #expect(try await outcomes(rows(values)) == Array(repeating: .created, count: 150))
    if isIndexed { try await waitForIndex(store) }
    let again = rows(values.reversed(), from: 1000).enumerated().map { pair in
      var row = pair.element
      row.customer = rows(values)[149 - pair.offset].customer
      return row
    }
    #expect(
      try await outcomes(again, mode: .validate) == Array(repeating: .unchanged, count: 150)
    )
    #expect(try await outcomes(again) == Array(repeating: .unchanged, count: 150))
    #expect(store.newestSequence == 150)
  }

  @Test func namesThatDifferInCaseOnlyAreToldApart() async throws {
    #expect(try await outcomes(rows(["1"], name: "Key"), name: "Key") == [.created])
    #expect(try await outcomes(rows(["1"], from: 1)) == [.created])
    #expect(try await outcomes(rows(["1"])) == [.updated])
    try await waitForIndex(store)
    #expect(try await outcomes(rows(["1"], name: "Key"), name: "Key") == [.unchanged])
  }

  @Test func aListFindsThemByTheSameWords() async throws {
    for values in Self.alike { _ = try await outcomes(rows(values, from: store.number())) }
    for _ in 0..<2 {
      for values in Self.alike {
        var query = ListQuery(limit: 10)
        query.filter = CustomerFilter()
        query.filter.conditions = [.attribute(name: "key", value: values[77])]
        let page = try await store.list(query)
        #expect(page.records.count == 1)
      }
      try await waitForIndex(store)
    }
  }

  /// What SQLite does for an import of rows that are all new: in its instructions, so that it is the
  /// same on a busy machine.
  private func instructions(_ match: ImportMatch, _ count: Int) throws -> Int {
    let folder = try TestFolder()
    let connection = try StoreOpening(folder.options()).open()
    var calls = 0
    connection.database.setProgressHandler(every: 100) {
      calls += 1
      return false
    }
    try connection.transactions.beginWriting()
    for number in 0..<count {
      var customer = testCustomer(number)
      customer.customerID = ""
      let row = ImportRow(customer: customer, newID: testID(number))
      let written = try connection.importRow(row, .upsert, match, testStamp(1)) { row, _ in
        row.customer
      }
      #expect(written.outcome == .created)
    }
    try connection.transactions.commit()
    connection.database.setProgressHandler(every: 0, nil)
    return calls
  }

  @Test func byAnAttributeCostsAboutWhatItCostsByEmail() throws {
    let email = try instructions(.emailAddress, 4000)
    let attribute = try instructions(.attribute("accountNumber"), 4000)
    #expect(attribute < 3 * email, "\(attribute) to \(email)")
  }

  /// The vectors are those of the paper's appendix and of its authors' reference code.
  @Test func hashesAsTheReferenceDoes() {
    func hash(_ count: UInt8) -> UInt64 {
      var hash = ShortHash(key: 0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
      for byte in 0..<count { hash.add(byte) }
      return hash.finish()
    }
    #expect(hash(15) == 0xa129_ca61_49be_45e5)
    #expect(hash(0) == 0x726f_db47_dd0e_0e31)
    #expect(hash(8) == 0x93f5_f579_9a93_2462)
  }
}

extension SQLiteRepository {
  /// A number that no test customer in the store has.
  fileprivate func number() -> Int { Int(newestSequence) + 1 }
}
