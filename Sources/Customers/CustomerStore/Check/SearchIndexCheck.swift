import CustomerModel
import ProtoWire
import SQLite

/// Checks that a search index holds what it should: the words of all customers, but for those
/// whose words wait, of which it still knows the old ones.
///
/// An index can't be read row by row, as it keeps no texts. It can be read word by word, in an
/// order of its own; so can an index of the same kind that is filled here with what is expected, a
/// part at a time. Both come to a number of words and a sum that doesn't depend on the order.
struct SearchIndexCheck {
  /// The bytes of text that are indexed at once to see what words they have.
  private static let partBytesMax = 4 << 20

  private let database: Database
  private let index: String
  private let section: (DerivedColumns) -> Range<Int>
  private let words: Statement
  private let expected: String
  private let expectedWords: Statement
  private let insert: Statement

  /// Prepares the check of one index and its column; `section` is the part of a customer's derived
  /// data that it holds.
  init(
    _ database: Database,
    _ index: String,
    column: String,
    _ section: @escaping (DerivedColumns) -> Range<Int>
  ) throws(SQLiteError) {
    self.database = database
    self.index = index
    self.section = section
    expected = "expected_\(index)"
    let definition = try database.prepare(CheckSQL.indexDefinition).bind(index)
      .first { $0.text(at: 0) }
    guard let make = CheckSQL.makeIndex(like: definition ?? "", as: expected) else {
      throw SQLiteError(code: .corrupt, message: "there is no search index \(index)")
    }
    try database.execute(make)
    try database.execute(CheckSQL.makeWords(of: index, in: "main", as: "words_of_\(index)"))
    try database.execute(CheckSQL.makeWords(of: expected, in: "temp", as: "words_of_\(expected)"))
    words = try database.prepare(CheckSQL.words("words_of_\(index)"))
    expectedWords = try database.prepare(CheckSQL.words("words_of_\(expected)"))
    insert = try database.prepare(CheckSQL.insert(column, into: expected))
  }

  func run(_ findings: inout StoreFindings) throws(SQLiteError) {
    do throws(SQLiteError) {
      try database.execute(CheckSQL.indexIntegrity(index))
    } catch {
      guard case .corrupt = error.code else { throw error }
      findings.note("search index \(index): \(error.message)")
      return
    }
    var held = WordSum()
    try held.add(words)
    let wanted = try expectedSum()
    if held.count != wanted.count {
      findings.note("search index \(index) holds \(held.count) words instead of \(wanted.count)")
    } else if held != wanted {
      findings.note("search index \(index) holds other words than the records have")
    }
  }

  private func expectedSum() throws(SQLiteError) -> WordSum {
    var sum = WordSum()
    var bytes = 0
    func add(_ row: Int64, _ text: Span<UInt8>) throws(SQLiteError) {
      try insert.bind(row).bind(utf8: text).run()
      bytes += text.count
      if bytes >= Self.partBytesMax { try drain(&sum, &bytes) }
    }
    let transactions = try TransactionControl(database)
    try transactions.beginReading()
    defer { transactions.rollback() }
    let customers = try database.prepare(CheckSQL.customers)
    let rows = customers.begin()
    while try rows.step() {
      // A record that can't be read has been found by the check of records.
      guard customers.isNull(at: 3),
        let customer = try? Customer(decoding: customers.bytes(at: 1))
      else { continue }
      let derived = DerivedColumns(customer)
      try add(customers.integer(at: 0), derived.bytes.span.extracting(section(derived)))
    }
    try drain(&sum, &bytes)
    let known = try database.prepare(CheckSQL.pendingKnown)
    let knownRows = known.begin()
    while try knownRows.step() {
      let text = known.bytes(at: index == "search" ? 1 : 2)
      try add(known.integer(at: 0), text.span)
    }
    try drain(&sum, &bytes)
    return sum
  }

  /// Sums the words of the part that was filled, and empties it.
  private func drain(_ sum: inout WordSum, _ bytes: inout Int) throws(SQLiteError) {
    try sum.add(expectedWords)
    try database.execute(CheckSQL.empty(expected))
    bytes = 0
  }
}

/// The words of an index: how many, and a sum of a number made of each with its row and place.
private struct WordSum: Equatable {
  var count = 0
  private var sum: UInt64 = 0

  mutating func add(_ words: Statement) throws(SQLiteError) {
    let rows = words.begin()
    while try rows.step() {
      // FNV-1a of 64 bits, then SplitMix64's last steps, so that sums of different words differ.
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      words.withBytes(at: 0) { bytes in
        for place in 0..<bytes.count {
          hash = (hash ^ UInt64(bytes[place])) &* 0x0000_0100_0000_01B3
        }
      }
      hash ^= UInt64(bitPattern: words.integer(at: 1)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= UInt64(bitPattern: words.integer(at: 2)) &* 0xD6E8_FEB8_6659_FD93
      hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
      hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
      sum &+= hash ^ (hash >> 31)
      count += 1
    }
  }
}
