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
    // Nothing is made of a damaged record; an erasure alone takes it away.
    guard live.isWhole else {
      let finding = "row \(live.row): the record is not the one that was written"
      throw .corrupt(path: path, finding: finding)
    }
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

  /// A row of ``CustomerRepository/importRows(_:mode:match:_:decide:)`` inside a transaction.
  func importRow(
    _ row: ImportRow,
    _ mode: ImportMode,
    _ match: ImportMatch,
    _ stamp: WriteStamp,
    decide: (ImportRow, Customer?) throws -> Customer?
  ) throws(RepositoryError) -> WrittenRecord {
    try part { () throws(RepositoryError) in
      var id = row.customer.customerID
      let found = id.isEmpty ? try find(row.customer, match) : try live(id)
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
