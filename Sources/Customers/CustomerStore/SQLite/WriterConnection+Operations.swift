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

  /// ``CustomerRepository/update(_:version:merges:allowMissing:_:decide:)`` inside a transaction.
  func update(
    _ id: String,
    version: UInt64,
    merges: Bool,
    allowMissing: Bool,
    _ stamp: WriteStamp,
    decide: (Customer?) throws -> Customer?
  ) throws(RepositoryError) -> WrittenRecord {
    try part { () throws(RepositoryError) in
      if let live = try live(id) {
        if merges, version != 0, version != live.version {
          return try merge(live, since: version, stamp, decide: decide)
        }
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
      try checkWhole(live)
      try check(live, version)
      return try remove(live, try customer(live.record), stamp)
    }
  }

  /// Refuses a write that rests on another version than the current one.
  func check(_ live: Live, _ version: UInt64) throws(RepositoryError) {
    if version == 0 || version == live.version { return }
    try checkWhole(live)
    throw mismatch(live)
  }

  /// The refusal of a write that rests on another version, with the current record.
  private func mismatch(_ live: Live) -> RepositoryError {
    .versionMismatch(id: live.id, version: live.version, record: live.record)
  }

  /// Refuses a damaged record, of which nothing is made and which nobody is shown; an erasure alone
  /// takes it away.
  private func checkWhole(_ live: Live) throws(RepositoryError) {
    if live.isWhole { return }
    let finding = "row \(live.row): the record is not the one that was written"
    throw .corrupt(path: path, finding: finding)
  }

  private func change(
    _ live: Live,
    version: UInt64,
    _ stamp: WriteStamp,
    decide: (Customer?) throws -> Customer?
  ) throws(RepositoryError) -> WrittenRecord {
    try checkWhole(live)
    try check(live, version)
    let current = try customer(live.record)
    guard let next = try decision(current, decide) else { return WrittenRecord(.unchanged, live) }
    return try update(live, from: current, to: next, stamp)
  }

  /// Makes on a customer what `decide` makes of an earlier version, if nobody has changed the same.
  private func merge(
    _ live: Live,
    since version: UInt64,
    _ stamp: WriteStamp,
    decide: (Customer?) throws -> Customer?
  ) throws(RepositoryError) -> WrittenRecord {
    try checkWhole(live)
    let current = try customer(live.record)
    guard let base = try past(live.id, version) else { throw mismatch(live) }
    guard let mine = try decision(base, decide) else { return WrittenRecord(.unchanged, live) }
    let merge = CustomerMerge(base: base, mine: mine, theirs: current)
    // Of fields that this schema doesn't name nobody knows what goes together.
    guard merge.overlap.isEmpty, mine.unknownFields == base.unknownFields else {
      throw mismatch(live)
    }
    let next: Customer
    do { next = try merge.normalForm() } catch { throw .refused(error) }
    return try update(live, from: current, to: next, stamp)
  }

  /// An earlier version of a customer; `nil` if there was none, or it isn't kept.
  private func past(_ id: String, _ version: UInt64) throws(RepositoryError) -> Customer? {
    do throws(RepositoryError) {
      return try customer(try pastRecords.record(id, version: version))
    } catch {
      switch error {
      case .notFound, .noSuchVersion, .versionForgotten: return nil
      default: throw error
      }
    }
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
        if mode == .create { throw .alreadyExists(id: found.id) }
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
