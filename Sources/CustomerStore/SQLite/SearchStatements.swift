import CustomerModel
import SQLite

/// The statements of searches, on one connection; to be used inside a read transaction.
///
/// A search asks one source after the other for candidates, those first that can hold the best
/// matches, and stops when these fill the answer. Each candidate's record says whether it matches
/// and how well (``SearchRank``); so an index may offer too much, and what waits for an index is
/// looked through beside it. SQLite's own ranking would read every match: 49 milliseconds for a
/// common name among a million customers.
final class SearchStatements {
  /// The candidates that one source offers.
  static let candidatesMax = 200

  private let rowsOfRange: [ListPlan.Index: Statement]
  private let termRows: Statement
  private let textRows: Statement
  private let pendingTermRows: Statement
  private let pendingTextRows: Statement
  private let customer: Statement
  private let record: Statement

  init(_ database: Database) throws(SQLiteError) {
    rowsOfRange = [
      .emailAddress: try database.prepare(ListSQL.rows(.emailAddress)),
      .lastName: try database.prepare(ListSQL.rows(.lastName)),
    ]
    termRows = try database.prepare(ListSQL.termRows)
    textRows = try database.prepare(ListSQL.textRows)
    pendingTermRows = try database.prepare(ListSQL.pendingTermRows)
    pendingTextRows = try database.prepare(ListSQL.pendingTextRows)
    customer = try database.prepare(ListSQL.customer(.lastName))
    record = try database.prepare(ListSQL.record)
  }

  /// A customer that matches.
  private struct Match {
    var rank: SearchRank
    var sortKey: [UInt8]
    var row: Int64
  }

  /// What was found so far.
  private struct Found {
    var matches: [Match] = []
    var seen: Set<Int64> = []

    /// Whether so many matches are of a stage or better.
    func fills(_ limit: Int, with stage: SearchRank.Stage) -> Bool {
      matches.count { $0.rank.stage <= stage } >= limit
    }
  }

  /// Finds the customers that match best.
  func records(_ query: SearchQuery, limit: Int) throws(SQLiteError) -> RecordBatch {
    var found = Found()
    try findEmails(query, &found)
    try findPhones(query, &found)
    if !found.fills(limit, with: .phone) {
      try findNames(query, &found)
      try findWaiting(query, &found)
    }
    if !found.fills(limit, with: .prefix) { try findParts(query, &found) }
    found.matches.sort { first, second in
      if first.rank != second.rank { return first.rank < second.rank }
      if first.sortKey == second.sortKey { return first.row < second.row }
      return first.sortKey.lexicographicallyPrecedes(second.sortKey)
    }
    var batch = RecordBatch()
    for match in found.matches.prefix(limit) where !batch.isFull(limit) {
      try record.bind(match.row).forEachRow { batch.append($0, column: 0) }
    }
    return batch
  }

  // MARK: Sources

  private func findEmails(_ query: SearchQuery, _ found: inout Found) throws(SQLiteError) {
    for word in query.words where word.characterCount > 1 {
      try findRange(.emailAddress, word.folded, query, &found)
    }
  }

  /// Looks for numbers that end, or begin, with digits.
  private func findPhones(_ query: SearchQuery, _ found: inout Found) throws(SQLiteError) {
    let numbers = query.digits.isEmpty ? query.words.map(\.digits) : [query.digits]
    for digits in numbers {
      // As they are, and without what is dialled before a number of the country, or of another.
      for part in Set([digits, Array(digits.drop { $0 == UInt8(ascii: "0") })]) {
        if part.count >= SearchQuery.phoneDigitsMin {
          try findTerm(SearchTerm.phone(endingIn: part), isPrefix: true, query, &found)
        }
        // Fewer digits would be a country's code, and gather half of all customers.
        if part.count >= FilterCondition.phoneDigitsMin {
          try findTerm([UInt8(ascii: "d")] + part, isPrefix: true, query, &found)
        }
      }
    }
  }

  /// Looks for names whose words begin so.
  private func findNames(_ query: SearchQuery, _ found: inout Found) throws(SQLiteError) {
    let words = query.words.map(\.folded)
    let tab = [UInt8(ascii: "\t")]
    switch words.count {
    case 1:
      try findRange(.lastName, words[0], query, &found)
      // Too short for trigrams; a whole name where names are so short.
      if query.words[0].characterCount == 1 {
        let name = String(decoding: words[0], as: UTF8.self)
        try findTerm(SearchTerm.firstName(name), isPrefix: false, query, &found)
      }
    case 2:
      try findRange(.lastName, words[1] + tab + words[0], query, &found)
      try findRange(.lastName, words[0] + tab + words[1], query, &found)
    default: break
    }
    let beginnings = query.words.filter { $0.characterCount > 1 }.map { tab + $0.folded }
    try findTexts(beginnings, query, &found)
  }

  /// Looks through what the indexes don't know yet.
  private func findWaiting(_ query: SearchQuery, _ found: inout Found) throws(SQLiteError) {
    guard let longest = query.words.max(by: { $0.folded.count < $1.folded.count }) else { return }
    pendingTextRows.bind(utf8: longest.folded.span)
    try take(rowsOf: pendingTextRows, query, &found)
  }

  /// Looks for words anywhere in texts.
  private func findParts(_ query: SearchQuery, _ found: inout Found) throws(SQLiteError) {
    let textual = query.words.filter { $0.characterCount > 2 }
    try findTexts(textual.map(\.folded), query, &found)
    // A number may stand in a phone instead.
    let names = textual.filter(\.digits.isEmpty)
    if names.count < textual.count { try findTexts(names.map(\.folded), query, &found) }
  }

  // MARK: Candidates

  private func findRange(
    _ index: ListPlan.Index,
    _ beginning: [UInt8],
    _ query: SearchQuery,
    _ found: inout Found
  ) throws(SQLiteError) {
    guard let statement = rowsOfRange[index] else { return }
    let bounds = ListPlan.Bounds(beginning, isPrefix: true)
    statement.bind(bounds.lower).bind(bounds.upper)
    try take(rowsOf: statement, query, &found)
  }

  private func findTerm(
    _ word: [UInt8],
    isPrefix: Bool,
    _ query: SearchQuery,
    _ found: inout Found
  ) throws(SQLiteError) {
    termRows.bind(utf8: TermQuery.term(word, isPrefix: isPrefix).span)
    try take(rowsOf: termRows, query, &found)
    let space = [UInt8(ascii: " ")]
    pendingTermRows.bind(utf8: (space + word + (isPrefix ? [] : space)).span)
    try take(rowsOf: pendingTermRows, query, &found)
  }

  /// Looks for texts that hold all parts.
  private func findTexts(
    _ parts: [[UInt8]],
    _ query: SearchQuery,
    _ found: inout Found
  ) throws(SQLiteError) {
    guard !parts.isEmpty else { return }
    let terms = parts.map { TermQuery.term($0, isPrefix: false) }
    textRows.bind(utf8: Array(terms.joined(separator: Array(" AND ".utf8))).span)
    try take(rowsOf: textRows, query, &found)
  }

  /// Ranks the rows of a bound statement.
  private func take(
    rowsOf statement: Statement,
    _ query: SearchQuery,
    _ found: inout Found
  ) throws(SQLiteError) {
    try statement.bind(Int64(Self.candidatesMax)).forEachRow { (columns) throws(SQLiteError) in
      let row = columns.integer(at: 0)
      guard found.seen.insert(row).inserted else { return }
      // A row that waits to leave the index may be gone.
      try customer.bind(row).forEachRow { (columns) throws(SQLiteError) in
        let candidate = try Customer(stored: columns, column: 0)
        guard let rank = SearchRank(of: candidate, for: query) else { return }
        found.matches.append(Match(rank: rank, sortKey: columns.bytes(at: 1), row: row))
      }
    }
  }
}
