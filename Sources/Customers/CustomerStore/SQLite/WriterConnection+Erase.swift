import CustomerModel
import ProtoWire
import SQLite

extension WriterConnection {
  /// ``CustomerRepository/erase(_:version:_:)`` inside a transaction.
  func erase(
    _ id: String,
    version: UInt64,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    try part { () throws(RepositoryError) in
      if let live = try live(id) {
        try check(live, version)
        let current = try customer(live.record)
        try sqlite { () throws(SQLiteError) in
          try deleteCustomer.bind(live.row).run()
          try queue(live.row, nil, old: DerivedColumns(current))
        }
        counters.customerCount = max(0, counters.customerCount - 1)
        return try erasePast(live.row, current.customerID, live.version + 1, stamp)
      }
      guard let gone = try gone(id), try !isErased(gone), version == 0 || version == gone.version
      else { throw .notFound(id: id, deletedAtVersion: try gone(id)?.version) }
      try sqlite { () throws(SQLiteError) in try removeDeleted.bind(gone.row).run() }
      return try erasePast(gone.row, id, gone.version + 1, stamp)
    }
  }

  private func isErased(_ gone: Gone) throws(RepositoryError) -> Bool {
    try sqlite { () throws(SQLiteError) in
      try kindOfChange.bind(gone.sequence).first { $0.integer(at: 0) }
    } == ChangeEntry.Kind.erased.rawValue
  }

  /// Takes all changes of a row away and notes that they were.
  private func erasePast(
    _ row: Int64,
    _ id: String,
    _ version: UInt64,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    var rest = Customer()
    rest.customerID = id
    rest.version = version
    let record = rest.encoded()
    try sqlite { () throws(SQLiteError) in
      try deleteChanges.bind(row).run()
      try note(.erased, row, version, stamp, before: record)
      try insertDeleted.bind(row).bind(id).bind(Int64(bitPattern: version))
        .bind(counters.newestSequence).run()
      try setMeta.bind(MetaName.erasing).bind("1").run()
    }
    counters.erasureCount += 1
    return WrittenRecord(
      outcome: .deleted,
      id: id,
      version: version,
      sequence: counters.newestSequence,
      record: record
    )
  }
}
