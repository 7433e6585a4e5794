import CustomerModel
import ProtoWire
import SQLite

extension WriterConnection {
  /// Returns the one customer that a row of an import without an id speaks of; `nil` if none is it.
  ///
  /// - Throws: ``RepositoryError`` `ambiguousMatch` if several are.
  func find(_ customer: Customer, _ match: ImportMatch) throws(RepositoryError) -> Live? {
    let found: [Live]
    switch match {
    case .none: return nil
    case .emailAddress:
      guard !customer.emailAddress.isEmpty else { return nil }
      found = try lives(withEmail: TextFolding.caseless(customer.emailAddress))
    case .attribute(let name):
      guard let value = customer.attributes[name] else { return nil }
      found = try lives(withAttribute: name, value)
    }
    guard found.count <= 1 else { throw .ambiguousMatch(count: found.count) }
    return found.first
  }

  /// The customers with an e-mail address, given without case: the first
  /// ``StoreLimit/matchesMax``.
  func lives(withEmail key: [UInt8]) throws(RepositoryError) -> [Live] {
    var rows: [Int64] = []
    try sqlite { () throws(SQLiteError) in
      try rowsByEmail.bind(utf8: key.span).bind(Int64(StoreLimit.matchesMax))
        .forEachRow { rows.append($0.integer(at: 0)) }
    }
    if let rehearsal { rows = Set(rows).union(rehearsal.rows(withEmail: key)).sorted() }
    var found: [Live] = []
    for row in rows {
      guard let live = try live(row: row) else { continue }
      // What is only tried may have changed the address that the file says.
      if rehearsal != nil, TextFolding.caseless(try customer(live.record).emailAddress) != key {
        continue
      }
      found.append(live)
    }
    return found
  }

  /// The customers whose attribute of a name has exactly this value: the first
  /// ``StoreLimit/matchesMax``.
  ///
  /// The words of attributes tell values apart but for collisions of a hash (``SearchTerm``); the
  /// records decide.
  private func lives(
    withAttribute name: String,
    _ value: String
  ) throws(RepositoryError) -> [Live] {
    let word = SearchTerm.attribute(name, value)
    var seen: Set<Int64> = []
    var found: [Live] = []
    func look(at rows: [Int64]) throws(RepositoryError) {
      for row in rows where found.count < StoreLimit.matchesMax && seen.insert(row).inserted {
        guard let live = try live(row: row) else { continue }
        let attributes = try customer(live.record).attributes
        if attributes[name]?.utf8.elementsEqual(value.utf8) ?? false { found.append(live) }
      }
    }
    try look(at: rehearsal?.rows(withTerm: word) ?? [])
    try look(at: waitingRows(withAttribute: name, word))
    var last: Int64 = 0
    while found.count < StoreLimit.matchesMax {
      let rows = try indexedRows(withTerm: word, after: last)
      try look(at: rows)
      guard rows.count == StoreLimit.matchesMax, let end = rows.last else { break }
      last = end
    }
    return found
  }

  /// Rows that the index knows by a word, and none that waits: the next ``StoreLimit/matchesMax``.
  private func indexedRows(
    withTerm word: [UInt8],
    after row: Int64
  ) throws(RepositoryError) -> [Int64] {
    let query = TermQuery.term(word, isPrefix: false)
    var rows: [Int64] = []
    try sqlite { () throws(SQLiteError) in
      try rowsByTerm.bind(utf8: query.span).bind(row).bind(Int64(StoreLimit.matchesMax))
        .forEachRow { rows.append($0.integer(at: 0)) }
    }
    return rows
  }

  /// Rows that wait for the index and had the word of an attribute since they wait.
  private func waitingRows(
    withAttribute name: String,
    _ word: [UInt8]
  ) throws(RepositoryError) -> [Int64] {
    if let waitingWords, waitingWords.isOf(name) { return waitingWords.rows(word) }
    let words = WaitingWords(ofAttribute: name)
    try sqlite { () throws(SQLiteError) in
      try pendingTerms.forEachRow { columns in
        columns.withBytes(at: 1) { words.add(columns.integer(at: 0), $0) }
      }
    }
    waitingWords = words
    return words.rows(word)
  }
}

/// The rows that wait for the search index, by the words of one attribute.
///
/// Read once from the file and then kept by whoever adds to what waits, so that a row of an import
/// doesn't look through all the rows before it. It may name a row that waits no longer or has
/// another word by now, and misses none; the next batch that goes into the index ends it.
final class WaitingWords {
  private let name: String
  private let beginning: [UInt8]
  private var rows: [[UInt8]: [Int64]] = [:]

  /// Knows no row yet.
  init(ofAttribute name: String) {
    self.name = name
    beginning = SearchTerm.attributeBeginning(name)
  }

  /// Whether it is of the attribute of this name.
  func isOf(_ name: String) -> Bool { name.utf8.elementsEqual(self.name.utf8) }

  /// The rows of a word.
  func rows(_ word: [UInt8]) -> [Int64] { rows[word] ?? [] }

  /// Adds a row with its words, a space between.
  func add(_ row: Int64, _ terms: Span<UInt8>) {
    var start = 0
    for index in 0...terms.count where index == terms.count || terms[index] == UInt8(ascii: " ") {
      let range = start..<index
      start = index + 1
      guard range.count >= beginning.count,
        beginning.indices.allSatisfy({ terms[range.lowerBound + $0] == beginning[$0] })
      else { continue }
      rows[range.map { terms[$0] }, default: []].append(row)
    }
  }
}
