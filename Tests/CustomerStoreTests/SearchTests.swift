import CustomerModel
import ProtoWire
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
    _ = try await store.update(testID(1), version: 0, allowMissing: false, testStamp(50)) {
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
