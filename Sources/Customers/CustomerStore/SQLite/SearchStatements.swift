import CustomerModel
import SQLite

/// The statements of searches, on one connection; to be used inside a read transaction.
///
/// A search asks one source after the other for candidates, those first that can hold the best
/// matches, and stops when these fill the answer. Each candidate's record says whether it matches
/// and how well (``SearchRank``); so an index may offer too much. SQLite's own ranking would read
/// every match: 49 milliseconds for a common name among a million customers.
///
/// What waits for the indexes is looked through first, all of it: an index offers the first
/// candidates of many, but nobody knows what those that wait would be among. The writer lets no more
/// wait than ``Indexer/waitingMax`` and one transaction's; SQLite picks those that hold every word,
/// a microsecond for ten.
final class SearchStatements {
  /// The candidates that one index offers.
  static let candidatesMax = 200

  private let rowsOfRange: [ListPlan.Index: Statement]
  private let wordRows: Statement
  private let textRows: Statement
  private let waitingRows: [Statement]
  private let customer: Statement
  private let record: Statement

  init(_ database: Database) throws(SQLiteError) {
    rowsOfRange = [
      .emailAddress: try database.prepare(ListSQL.rows(.emailAddress)),
      .lastName: try database.prepare(ListSQL.rows(.lastName)),
    ]
    wordRows = try database.prepare(ListSQL.wordRows)
    textRows = try database.prepare(ListSQL.textRows)
    var waitingRows: [Statement] = []
    for words in 1...SearchQuery.wordsMax {
      waitingRows.append(try database.prepare(ListSQL.waitingRows(words: words)))
    }
    self.waitingRows = waitingRows
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
    try findWaiting(query, &found)
    try findEmails(query, &found)
    try findPhones(query, &found)
    if !found.fills(limit, with: .phone) {
      try findNames(query, &found)
    }
    if !found.fills(limit, with: .prefix) { try findParts(query, &found) }
    found.matches.sort { first, second in
      if first.rank != second.rank { return first.rank < second.rank }
      if first.sortKey == second.sortKey { return first.row < second.row }
      return first.sortKey.lexicographicallyPrecedes(second.sortKey)
    }
    var batch = RecordBatch()
    for match in found.matches.prefix(limit) where !batch.isFull(limit) {
      try record.bind(match.row).forEachRow { (columns) throws(SQLiteError) in
        try batch.append(columns, column: 0, of: "row \(match.row)")
      }
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
    for digits in numbers where !digits.isEmpty {
      // As they are, and without what is dialled before a number of the country, or of another.
      for part in Set([digits, Array(digits.drop { $0 == UInt8(ascii: "0") })])
      where part.count >= SearchQuery.phoneDigitsMin {
        for word in [SearchTerm.phone(endingIn: part), SearchTerm.phone(beginningWith: part)] {
          try take(try rows(ofWordsBeginningWith: word), query, &found)
        }
      }
    }
  }

  /// Looks for names whose words begin so.
  private func findNames(_ query: SearchQuery, _ found: inout Found) throws(SQLiteError) {
    let words = query.words.map(\.folded)
    let tab = [UInt8(ascii: "\t")]
    switch words.count {
    case 1: try findRange(.lastName, words[0], query, &found)
    case 2:
      try findRange(.lastName, words[1] + tab + words[0], query, &found)
      try findRange(.lastName, words[0] + tab + words[1], query, &found)
    default: break
    }
    for word in words {
      let rows = try rows(ofWordsBeginningWith: SearchTerm.nameWord(word))
      // Where one word begins few names, these are all that can match.
      if words.count == 1 || rows.count < Self.candidatesMax {
        return try take(rows, query, &found)
      }
    }
    let beginnings = query.words.filter { $0.characterCount > 1 }.map { tab + $0.folded }
    try findTexts(beginnings, query, &found)
  }

  /// Looks through what the indexes don't know yet.
  private func findWaiting(_ query: SearchQuery, _ found: inout Found) throws(SQLiteError) {
    var run = waitingRows[query.words.count - 1].begin()
    for word in query.words { run = run.bind(utf8: word.folded.span).bind(digits: word.digits) }
    var rows: [Int64] = []
    try run.bind(digits: query.digits).forEachRow { rows.append($0.integer(at: 0)) }
    try take(rows, query, &found)
  }

  /// Looks for words anywhere in texts.
  private func findParts(_ query: SearchQuery, _ found: inout Found) throws(SQLiteError) {
    let textual = query.words.filter { $0.characterCount > 2 }
    try findTexts(textual.map(\.folded), query, &found)
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
    let range = statement.begin().bind(bounds.lower).bind(bounds.upper)
    try take(rowsOf: range, query, &found)
  }

  /// The rows whose terms begin so.
  private func rows(ofWordsBeginningWith word: [UInt8]) throws(SQLiteError) -> [Int64] {
    let bounds = ListPlan.Bounds(word, isPrefix: true)
    var rows: [Int64] = []
    try wordRows.begin().bind(bounds.lower).bind(bounds.upper).bind(Int64(Self.candidatesMax))
      .forEachRow { rows.append($0.integer(at: 0)) }
    return rows
  }

  /// Looks for texts that hold all parts.
  private func findTexts(
    _ parts: [[UInt8]],
    _ query: SearchQuery,
    _ found: inout Found
  ) throws(SQLiteError) {
    guard !parts.isEmpty else { return }
    let terms = parts.map { TermQuery.term($0, isPrefix: false) }
    let match = Array(terms.joined(separator: Array(" AND ".utf8)))
    try take(rowsOf: textRows.bind(utf8: match.span), query, &found)
  }

  /// Ranks the rows of a run that lacks its limit.
  private func take(
    rowsOf run: consuming StatementRun,
    _ query: SearchQuery,
    _ found: inout Found
  ) throws(SQLiteError) {
    var rows: [Int64] = []
    try run.bind(Int64(Self.candidatesMax)).forEachRow { rows.append($0.integer(at: 0)) }
    try take(rows, query, &found)
  }

  /// Ranks candidates.
  private func take(
    _ rows: [Int64],
    _ query: SearchQuery,
    _ found: inout Found
  ) throws(SQLiteError) {
    for row in rows where found.seen.insert(row).inserted {
      // A row that waits to leave the index may be gone.
      try customer.bind(row).forEachRow { (columns) throws(SQLiteError) in
        let candidate = try Customer(stored: columns, column: 0)
        guard let rank = SearchRank(of: candidate, for: query) else { return }
        found.matches.append(Match(rank: rank, sortKey: columns.bytes(at: 2), row: row))
      }
    }
  }
}

extension StatementRun {
  /// Binds the next parameter to what a phone number's terms hold if the number holds these digits;
  /// to NULL if there are none.
  ///
  /// Terms have no zeros at the beginning of a local number that is part of an international one.
  fileprivate consuming func bind(digits: [UInt8]) -> StatementRun {
    if digits.isEmpty { return bindNull() }
    let significant = Array(digits.drop { $0 == UInt8(ascii: "0") })
    return bind(utf8: significant.span)
  }
}
