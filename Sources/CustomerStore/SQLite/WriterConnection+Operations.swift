import CustomerModel
import ProtoWire
import SQLite

extension WriterConnection {
  /// ``CustomerRepository/create(_:_:)`` inside a transaction.
  func create(
    _ prepared: Prepared,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    try part { () throws(RepositoryError) in
      let id = prepared.customer.customerID
      guard try live(id) == nil else { throw .alreadyExists(id: id) }
      if try gone(id) == nil { return try insert(prepared, stamp) }
      return try insert(prepared.customer, id: id, keeping: .nothing, stamp)
    }
  }

  /// ``CustomerRepository/update(_:version:allowMissing:_:decide:)`` inside a transaction.
  func update(
    _ id: String,
    version: UInt64,
    allowMissing: Bool,
    _ stamp: WriteStamp,
    decide: (Customer?) throws -> Customer?
  ) throws(RepositoryError) -> WrittenRecord {
    try part { () throws(RepositoryError) in
      if let live = try live(id) {
        return try change(live, version: version, stamp, decide: decide)
      }
      let deletedAt = try gone(id)?.version
      guard allowMissing, let next = try decision(nil, decide) else {
        throw .notFound(id: id, deletedAtVersion: deletedAt)
      }
      return try insert(next, id: id, keeping: .nothing, stamp)
    }
  }

  /// ``CustomerRepository/delete(_:version:_:)`` inside a transaction.
  func delete(
    _ id: String,
    version: UInt64,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    try part { () throws(RepositoryError) in
      guard let live = try live(id) else {
        throw .notFound(id: id, deletedAtVersion: try gone(id)?.version)
      }
      try check(live, version)
      return try remove(live, try customer(live.record), stamp)
    }
  }

  private func check(_ live: Live, _ version: UInt64) throws(RepositoryError) {
    guard version == 0 || version == live.version else {
      throw .versionMismatch(current: live.record)
    }
  }

  private func change(
    _ live: Live,
    version: UInt64,
    _ stamp: WriteStamp,
    decide: (Customer?) throws -> Customer?
  ) throws(RepositoryError) -> WrittenRecord {
    try check(live, version)
    let current = try customer(live.record)
    guard let next = try decision(current, decide) else { return unchanged(live, current) }
    return try update(live, from: current, to: next, stamp)
  }

  private func decision(
    _ current: Customer?,
    _ decide: (Customer?) throws -> Customer?
  ) throws(RepositoryError) -> Customer? {
    do { return try decide(current) } catch { throw .refused(error) }
  }

  // MARK: Import

  /// ``CustomerRepository/importRows(_:mode:match:_:decide:)`` inside a transaction.
  func importRows(
    _ rows: [ImportRow],
    mode: ImportMode,
    match: ImportMatch,
    _ stamp: WriteStamp,
    decide: (ImportRow, Customer?) throws -> Customer?
  ) throws(RepositoryError) -> [Result<WrittenRecord, RepositoryError>] {
    let matcher = try sqlite { () throws(SQLiteError) in try ImportMatcher(self, match) }
    func results() -> [Result<WrittenRecord, RepositoryError>] {
      rows.map { row in
        Result { () throws(RepositoryError) in
          try importRow(row, mode, matcher, stamp, decide: decide)
        }
      }
    }
    guard mode == .validate else { return results() }
    // A rehearsal, because a row may match an earlier one of the same import.
    return try rehearsal { () throws(RepositoryError) in results() }
  }

  private func importRow(
    _ row: ImportRow,
    _ mode: ImportMode,
    _ matcher: ImportMatcher,
    _ stamp: WriteStamp,
    decide: (ImportRow, Customer?) throws -> Customer?
  ) throws(RepositoryError) -> WrittenRecord {
    try part { () throws(RepositoryError) in
      var id = row.customer.customerID
      let found = id.isEmpty ? try matcher.find(row.customer) : try live(id)
      if let found {
        if mode == .create {
          throw .alreadyExists(id: try customer(found.record).customerID)
        }
        return try change(found, version: row.customer.version, stamp) { current in
          try decide(row, current)
        }
      }
      if id.isEmpty { id = row.newID }
      // An id that was made now may stand in an earlier row; nothing else may be overwritten by it.
      guard try live(id) == nil else { throw .alreadyExists(id: id) }
      guard var next = try decision(nil, { try decide(row, $0) }) else {
        throw .notFound(id: id, deletedAtVersion: nil)
      }
      next.version = row.customer.version
      next.createTime = row.customer.createTime
      next.updateTime = row.customer.updateTime
      return try insert(next, id: id, keeping: .versionAndTimes, stamp)
    }
  }
}

/// Finds the customer that a row of an import without an id speaks of.
struct ImportMatcher {
  private let connection: WriterConnection
  private let match: ImportMatch
  private let rowsByEmail: Statement
  private let rowsByTerm: Statement
  private let pendingRowsByTerm: Statement

  init(_ connection: WriterConnection, _ match: ImportMatch) throws(SQLiteError) {
    self.connection = connection
    self.match = match
    rowsByEmail = try connection.database.prepare(StoreSQL.rowsByEmail)
    rowsByTerm = try connection.database.prepare(StoreSQL.rowsByTerm)
    pendingRowsByTerm = try connection.database.prepare(StoreSQL.pendingRowsByTerm)
  }

  /// Returns the one customer that matches, or `nil` if none does.
  ///
  /// - Throws: ``RepositoryError`` `ambiguousMatch` if several do.
  func find(_ customer: Customer) throws(RepositoryError) -> WriterConnection.Live? {
    var found: [WriterConnection.Live] = []
    switch match {
    case .none: return nil
    case .emailAddress:
      guard !customer.emailAddress.isEmpty else { return nil }
      for row in try rows(rowsByEmail, key: TextFolding.caseless(customer.emailAddress)) {
        if let live = try connection.live(row: row) { found.append(live) }
      }
    case .attribute(let name):
      guard let value = customer.attributes[name] else { return nil }
      let word = SearchTerm.attribute(name, value)
      let quote = [UInt8(ascii: "\"")]
      let candidates =
        try rows(rowsByTerm, key: quote + word + quote) + rows(pendingRowsByTerm, key: word)
      for row in candidates {
        guard let live = try connection.live(row: row) else { continue }
        // The word is without case, and cut.
        if try connection.customer(live.record).attributes[name]?.utf8.elementsEqual(value.utf8)
          ?? false
        {
          found.append(live)
        }
      }
    }
    guard found.count <= 1 else { throw .ambiguousMatch(count: found.count) }
    return found.first
  }

  private func rows(_ statement: Statement, key: [UInt8]) throws(RepositoryError) -> [Int64] {
    var rows: [Int64] = []
    try connection.sqlite { () throws(SQLiteError) in
      try statement.bind(utf8: key.span).bind(Int64(StoreLimit.matchesMax))
        .forEachRow { rows.append($0.integer(at: 0)) }
    }
    return rows
  }
}
