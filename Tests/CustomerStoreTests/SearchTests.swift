import CustomerModel
import ProtoWire
import SQLite
import TestSupport
import Testing

@testable import CustomerStore

/// What a search finds, in which order, and when.
@Suite struct SearchTests {
  let folder: TestFolder
  let store: SQLiteRepository

  init() throws {
    folder = try TestFolder()
    store = try SQLiteRepository(folder.options())
  }

  private func find(_ text: String, limit: Int = 20) async throws -> [String] {
    let batch = try await store.search(try SearchQuery(text), limit: limit)
    return try (0..<batch.count).map { try Customer(decoding: batch[$0]).displayName }
  }

  private func add(_ name: String, _ change: (inout Customer) -> Void = { _ in }) async throws {
    var customer = Customer()
    customer.customerID = testID(Int(store.newestSequence) + 1)
    let parts = name.split(separator: " ", maxSplits: 1).map(String.init)
    customer.firstName = parts[0]
    customer.lastName = parts.count > 1 ? parts[1] : ""
    customer.displayName = name
    change(&customer)
    _ = try await store.create(customer, testStamp(Int(store.newestSequence)))
  }

  private static func phone(_ local: String, _ international: String) -> PhoneNumber {
    var phone = PhoneNumber()
    phone.numberLocal = local
    phone.numberInternational = international
    return phone
  }

  /// Everybody that the tests below look for.
  private func addAll() async throws {
    try await add("Ann Lee") {
      $0.emailAddress = "ann.lee@example.com"
      $0.phones = [Self.phone("0491 570 006", "+61491570006")]
    }
    try await add("José Müller") { $0.emailAddress = "jm@mail.example.org" }
    try await add("Annika Leeson") {
      var address = Address()
      address.address1 = "12 Smith Street"
      address.suburb = "Fortitude Valley"
      address.state = "QLD"
      address.postcode = "04006"
      $0.addresses = [address]
    }
    try await add("Bob Smithers") { $0.phones = [Self.phone("(07) 3123-4567", "")] }
    try await add("John Goldsmith")
    try await add("Zoë Smith")
    try await add("Sean O’Neill") { $0.emailAddress = "sean.o'neill@example.net" }
    try await add("王 小明") { $0.emailAddress = "Wang@Example.com" }
  }

  /// The same answers whether the words wait for the index or are in it.
  @Test(arguments: [false, true]) func findsByPartsOfEverything(isIndexed: Bool) async throws {
    try await addAll()
    if isIndexed { try await waitForIndex(store) }
    let expected: [(String, [String])] = [
      ("ann", ["Ann Lee", "Annika Leeson"]),
      ("ANN lee", ["Ann Lee", "Annika Leeson"]),
      ("lee ann", ["Ann Lee", "Annika Leeson"]),
      ("muller", ["José Müller"]),
      ("JOSE mü", ["José Müller"]),
      ("zoe", ["Zoë Smith"]),
      // Names that begin so, whole ones first; then inside a name, and in a street.
      ("smith", ["Zoë Smith", "Bob Smithers", "John Goldsmith", "Annika Leeson"]),
      ("mith", ["John Goldsmith", "Annika Leeson", "Zoë Smith", "Bob Smithers"]),
      ("ann.lee@example.com", ["Ann Lee"]),
      ("Ann.Lee@Exam", ["Ann Lee"]),
      ("wang@example.com", ["王 小明"]),
      ("ample.or", ["José Müller"]),
      ("example", ["Ann Lee", "José Müller", "Sean O’Neill", "王 小明"]),
      ("oneill", ["Sean O’Neill"]),
      ("O'NEILL", ["Sean O’Neill"]),
      ("neill", ["Sean O’Neill"]),
      ("sean.o'neill@example.net", ["Sean O’Neill"]),
      ("sean.oneill@", ["Sean O’Neill"]),
      ("mail.example.org", ["José Müller"]),
      ("@mail.example.org", ["José Müller"]),
      ("lee @example.com", ["Ann Lee"]),
      ("0491570006", ["Ann Lee"]),
      ("+61 491 570 006", ["Ann Lee"]),
      ("(0491) 570-006", ["Ann Lee"]),
      ("570006", ["Ann Lee"]),
      ("006", ["Ann Lee", "Annika Leeson"]),
      ("+61491", ["Ann Lee"]),
      ("+61 491 5", ["Ann Lee"]),
      ("31234567", ["Bob Smithers"]),
      ("07 3123 4567", ["Bob Smithers"]),
      ("bob 4567", ["Bob Smithers"]),
      ("fortitude", ["Annika Leeson"]),
      ("valley qld 04006", ["Annika Leeson"]),
      ("leeson 12 smith", ["Annika Leeson"]),
      ("王", ["王 小明"]),
      ("z", ["Zoë Smith"]),
      ("小明", ["王 小明"]),
      ("zzqxj", []),
      ("ann zzqxj", []),
      ("\"ann", []),
      ("ann*", []),
      ("NEAR(ann lee)", []),
    ]
    for (query, names) in expected {
      #expect(try await find(query) == names, "\(query), indexed: \(isIndexed)")
    }
    #expect(try await find("smith", limit: 2) == ["Zoë Smith", "Bob Smithers"])
    await store.close()
  }

  @Test func forgetsWhatWasChangedAndDeleted() async throws {
    try await addAll()
    try await waitForIndex(store)
    _ = try await store.update(
      testID(1),
      version: 0,
      merges: false,
      allowMissing: false,
      testStamp(50)
    ) {
      var next = try #require($0)
      next.lastName = "Wong"
      next.displayName = "Ann Wong"
      return next
    }
    _ = try await store.delete(testID(3), version: 0, testStamp(51))
    for _ in 0..<2 {
      #expect(try await find("ann") == ["Ann Wong"])
      #expect(try await find("wong") == ["Ann Wong"])
      #expect(try await find("ann leeson") == [])
      #expect(try await find("fortitude") == [])
      try await waitForIndex(store)
    }
    await store.close()
    try expectIntegrity(folder.database)
  }

  @Test func seesEveryWriteThatWasAnswered() async throws {
    for number in 0..<600 {
      try await add("Writer Number\(number)x")
      #expect(try await find("number\(number)x") == ["Writer Number\(number)x"])
    }
    await store.close()
  }

  /// Thousands of rows of one name wait: a word that tells one from the others finds it, whatever it
  /// is a word of.
  @Test func seesEveryWriteHoweverManyWait() async throws {
    try await addAll()
    try await waitForIndex(store)
    let hold = try Database(path: folder.database, mode: .readWrite)
    for start in stride(from: 0, to: 4000, by: 1000) {
      let rows = (start..<start + 1000).map { number in
        var customer = Customer(firstName: "Ab\(number)", lastName: "Featherstonehaugh")
        customer.displayName = "Number \(number)"
        customer.emailAddress = "n\(number)@featherstonehaugh.example"
        customer.phones = [Self.phone("", "+614\(20_000_000 + number)99999")]
        return ImportRow(customer: customer, newID: testID(10_000 + number))
      }
      _ = try await store.importRows(rows, mode: .create, match: .none, testStamp(0)) { row, _ in
        row.customer
      }
    }
    // They all wait, however far the writer's indexing has come, and it waits for the lock.
    hold.setBusyTimeout(milliseconds: 5000)
    let pendingCount = try hold.prepare(StoreSQL.pendingCount)
    for _ in 0..<100 {
      try hold.execute(
        """
        BEGIN IMMEDIATE;
        INSERT OR IGNORE INTO search_pending (rid, text, terms, old_text, old_terms)
        SELECT rid, char(9) || lower(first_name) || char(9) || lower(last_name) || char(9)
          || replace(lower(display_name), ' ', char(9)) || char(10) || email_key,
          'd' || substr(phones, 2) || ' r', NULL, NULL FROM customer WHERE rid > 8;
        COMMIT;
        BEGIN IMMEDIATE;
        """
      )
      if try pendingCount.first({ $0.integer(at: 0) }) == 4000 { break }
      try hold.execute("ROLLBACK")
    }
    #expect(try pendingCount.first { $0.integer(at: 0) } == 4000)
    for number in [0, 199, 200, 201, 777, 2999, 3999] {
      for query in [
        "featherstonehaugh ab\(number)", "ab\(number) featherstonehaugh number",
        "featherstonehaugh n\(number)@featherstonehaugh.example", "number \(number) haugh",
        "featherstonehaugh \(20_000_000 + number)", "+61 4 \(20_000_000 + number) 99999",
      ] {
        let names = try await find(query)
        #expect(names.contains("Number \(number)"), "\(query)")
      }
    }
    try hold.execute("ROLLBACK")
    await store.close()
  }

  /// 300 that leave the index stand before one that stays in it.
  @Test func whatLeavesTheIndexTakesNoPlaceOfWhatStays() async throws {
    let rows = (0..<301).map { number in
      ImportRow(
        customer: Customer(firstName: "Common", lastName: "Name\(number)x"),
        newID: testID(100 + number)
      )
    }
    _ = try await store.importRows(rows, mode: .create, match: .none, testStamp(0)) { row, _ in
      row.customer
    }
    try await waitForIndex(store)
    let gone = (0..<300).map { number in
      var row = rows[number]
      row.customer.customerID = testID(100 + number)
      return row
    }
    _ = try await store.importRows(gone, mode: .upsert, match: .none, testStamp(1)) { _, current in
      var next = try #require(current)
      next.firstName = "Other"
      return next
    }
    let found = try await store.search(try SearchQuery("common"), limit: 20)
    #expect(
      try (0..<found.count).map { try Customer(decoding: found[$0]).lastName } == ["Name300x"]
    )
    await store.close()
  }

  @Test func aNULStandsBetweenWords() async throws {
    try await addAll()
    #expect(try await find("ann\0lee") == ["Ann Lee", "Annika Leeson"])
    #expect(try await find("\0lee\0") == ["Ann Lee", "Annika Leeson"])
    #expect(throws: SearchQueryError.empty) { try SearchQuery("\0 \0") }
    await store.close()
  }

  @Test func boundsWhatCanBeAsked() throws {
    #expect(throws: SearchQueryError.empty) { try SearchQuery(" \u{2003} ") }
    #expect(throws: SearchQueryError.empty) { try SearchQuery("\u{301}") }
    let longest = String(repeating: "x", count: SearchQuery.bytesMax)
    #expect(try SearchQuery(longest).words.count == 1)
    #expect(throws: SearchQueryError.tooLong(bytes: 1025, max: 1024)) {
      try SearchQuery(longest + "x")
    }
    let most = Array(repeating: "x", count: SearchQuery.wordsMax).joined(separator: " ")
    #expect(try SearchQuery(most).words.count == 10)
    #expect(throws: SearchQueryError.tooManyWords(count: 11, max: 10)) {
      try SearchQuery(most + " x")
    }
    #expect(
      "\(SearchQueryError.tooManyWords(count: 11, max: 10))" == "11 words is over the limit of 10"
    )
  }
}
