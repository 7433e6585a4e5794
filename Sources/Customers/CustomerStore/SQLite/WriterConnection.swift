import CustomerModel
import ProtoWire
import SQLite
internal import WellKnownTypes

/// The one connection that writes, and what a write is made of.
///
/// All its functions run inside a transaction that ``Writer`` opens and commits. A write reads
/// first and refuses before it writes; each stands in a savepoint, so one that fails half way
/// takes nothing else with it. No FTS statement runs inside a savepoint (``Schema``).
final class WriterConnection {
  /// What the store counts; taken back with the transaction it belongs to.
  struct Counters {
    var newestRow: Int64
    var newestSequence: Int64

    /// The number from which on all changes are kept.
    var oldestSequence: Int64
    var customerCount: Int64

    /// An upper bound of the rows in `search_pending`.
    var pendingCount: Int64

    /// The erasures since the store was opened, and one for those that were under way then.
    var erasureCount: Int64

    /// The rules that were set.
    var settings: RepositorySettings
  }

  /// A customer as its row says.
  struct Live {
    var row: Int64
    var id: String
    var version: UInt64
    var sequence: Int64
    var record: [UInt8]

    /// Whether the record is the one that was written.
    var isWhole = true
  }

  /// A deleted customer.
  struct Gone {
    var row: Int64
    var version: UInt64
    var sequence: Int64
  }

  let database: Database
  let transactions: TransactionControl
  let path: String
  var counters: Counters

  /// The error at which SQLite rolled the whole transaction back by itself.
  var rollbackCause: RepositoryError?

  /// Where writes go that are only tried; reads look there first.
  var rehearsal: Rehearsal?

  /// What waits for the search index, as the import that asked last looks for it.
  var waitingWords: WaitingWords?

  private let customerByID: Statement
  private let customerByRow: Statement
  private let deletedByID: Statement
  private let changeBySequence: Statement
  private let idByEmail: Statement
  let rowsByEmail: Statement
  let rowsByTerm: Statement
  let pendingTerms: Statement
  private let insertCustomer: Statement
  private let updateCustomer: Statement
  let deleteCustomer: Statement
  let deleteChanges: Statement
  let kindOfChange: Statement
  private let insertChange: Statement
  let insertDeleted: Statement
  let removeDeleted: Statement
  private let insertPending: Statement
  let setMeta: Statement

  /// Reads earlier versions.
  let pastRecords: RecordStatements

  init(_ database: Database, options: StoreOptions, counters: Counters) throws(SQLiteError) {
    self.database = database
    self.counters = counters
    path = options.path
    transactions = try TransactionControl(database)
    customerByID = try database.prepare(StoreSQL.customerByID)
    customerByRow = try database.prepare(StoreSQL.customerByRow)
    deletedByID = try database.prepare(StoreSQL.deletedByID)
    changeBySequence = try database.prepare(StoreSQL.changeBySequence)
    idByEmail = try database.prepare(StoreSQL.idByEmail)
    rowsByEmail = try database.prepare(StoreSQL.rowsByEmail)
    rowsByTerm = try database.prepare(StoreSQL.rowsByTerm)
    pendingTerms = try database.prepare(StoreSQL.pendingTerms)
    insertCustomer = try database.prepare(StoreSQL.insertCustomer)
    updateCustomer = try database.prepare(StoreSQL.updateCustomer)
    deleteCustomer = try database.prepare(StoreSQL.deleteCustomer)
    deleteChanges = try database.prepare(StoreSQL.deleteChanges)
    kindOfChange = try database.prepare(StoreSQL.kindOfChange)
    insertChange = try database.prepare(StoreSQL.insertChange)
    insertDeleted = try database.prepare(StoreSQL.insertDeleted)
    removeDeleted = try database.prepare(StoreSQL.removeDeleted)
    insertPending = try database.prepare(StoreSQL.insertPending)
    setMeta = try database.prepare(StoreSQL.setMeta)
    pastRecords = try RecordStatements(database)
  }

  // MARK: Parts of the transaction

  /// Runs SQLite calls, and says of their errors what they mean.
  func sqlite<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(RepositoryError) -> Result {
    do { return try body() } catch { throw RepositoryError(error, path: path) }
  }

  /// Runs a part of the transaction whose writes and counts stay or go together.
  func part<Result>(
    _ body: () throws(RepositoryError) -> Result
  ) throws(RepositoryError) -> Result {
    // After some errors SQLite has ended the transaction: a part of none would commit by itself.
    guard !database.isAutocommit else {
      throw .ioError(path: path, reason: "the transaction was rolled back")
    }
    let counters = counters
    do throws(RepositoryError) {
      return try transactions.part(body) { RepositoryError($0, path: path) }
    } catch {
      self.counters = counters
      if database.isAutocommit, rollbackCause == nil { rollbackCause = error }
      throw error
    }
  }

  /// Writes the number of customers down, with the transaction that changed it.
  func noteCustomerCount() throws(SQLiteError) {
    try note(MetaName.customerCount, "\(counters.customerCount)")
  }

  /// Writes a fact about the store down.
  func note(_ name: String, _ value: String) throws(SQLiteError) {
    try setMeta.bind(name).bind(value).run()
  }

  // MARK: Looking up

  func live(_ id: String) throws(RepositoryError) -> Live? {
    if let live = rehearsal?.live(id) { return live }
    return try sqlite { () throws(SQLiteError) in try customerByID.bind(id).first(Self.live) }
  }

  func live(row: Int64) throws(RepositoryError) -> Live? {
    if let live = rehearsal?.live(row: row) { return live }
    return try sqlite { () throws(SQLiteError) in try customerByRow.bind(row).first(Self.live) }
  }

  private static func live(_ columns: Statement) throws(SQLiteError) -> Live {
    let row = try columns.number(at: 0, "number", of: "a row")
    return Live(
      row: row,
      id: columns.text(at: 5),
      version: try columns.version(at: 1, of: "row \(row)"),
      sequence: try columns.number(at: 2, "newest change", of: "row \(row)"),
      record: columns.bytes(at: 3),
      isWhole: columns.isRecordWhole(at: 3)
    )
  }

  func gone(_ id: String) throws(RepositoryError) -> Gone? {
    try sqlite { () throws(SQLiteError) in
      try deletedByID.bind(id).first { (columns) throws(SQLiteError) in
        let row = try columns.number(at: 0, "number", of: "a deleted row")
        return Gone(
          row: row,
          version: try columns.version(at: 1, of: "deleted row \(row)"),
          sequence: try columns.number(at: 2, "newest change", of: "deleted row \(row)")
        )
      }
    }
  }

  /// Reads a stored record back.
  func customer(_ record: [UInt8]) throws(RepositoryError) -> Customer {
    do { return try Customer(decoding: record) } catch {
      throw .corrupt(path: path, finding: "record: \(error)")
    }
  }

  // MARK: Writing one customer

  /// What a new row keeps of what its record carries.
  enum Carried {
    case nothing
    case versionAndTimes
  }

  /// A new customer's first version, made ready before the writer's turn.
  struct Prepared: Sendable {
    let customer: Customer
    let record: [UInt8]
    let derived: DerivedColumns

    init(_ customer: Customer, _ stamp: WriteStamp) throws(RepositoryError) {
      var customer = customer
      customer.version = 1
      customer.createTime = Timestamp(microseconds: stamp.timeMicroseconds)
      customer.updateTime = customer.createTime
      self.customer = customer
      record = try WriterConnection.encode(customer)
      derived = DerivedColumns(customer)
    }
  }

  /// Adds a customer that never was.
  func insert(
    _ prepared: Prepared,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    try insert(
      prepared.customer,
      prepared.record,
      prepared.derived,
      row: counters.newestRow + 1,
      isBack: false,
      stamp
    )
  }

  /// Adds a customer that isn't there.
  func insert(
    _ customer: Customer,
    id: String,
    keeping carried: Carried,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    let now = Timestamp(microseconds: stamp.timeMicroseconds)
    var customer = customer
    customer.customerID = id
    let gone = try gone(id)
    if let gone {
      customer.version = gone.version + 1
      customer.createTime = try lastRecord(of: gone)?.createTime ?? now
      customer.updateTime = now
    } else if carried == .versionAndTimes {
      guard customer.version <= StoreLimit.versionMax else {
        throw .versionTooLarge(version: customer.version, max: StoreLimit.versionMax)
      }
      customer.version = max(1, customer.version)
      customer.createTime = customer.createTime ?? now
      customer.updateTime = customer.updateTime ?? now
    } else {
      customer.version = 1
      customer.createTime = now
      customer.updateTime = now
    }
    return try insert(
      customer,
      try Self.encode(customer),
      DerivedColumns(customer),
      row: gone?.row ?? counters.newestRow + 1,
      isBack: gone != nil,
      stamp
    )
  }

  private func insert(
    _ customer: Customer,
    _ record: [UInt8],
    _ derived: DerivedColumns,
    row: Int64,
    isBack: Bool,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    try checkEmail(customer)
    let sequence = counters.newestSequence + 1
    if let rehearsal {
      let row = rehearsal.newRow()
      let live = Live(
        row: row,
        id: customer.customerID,
        version: customer.version,
        sequence: sequence,
        record: record
      )
      rehearsal.note(live, customer)
      return WrittenRecord(.created, live)
    }
    try sqlite { () throws(SQLiteError) in
      try bind(insertCustomer, row, sequence, customer, derived, record)
      try note(.created, row, customer.version, stamp, before: nil)
      if isBack { try removeDeleted.bind(row).run() }
      try queue(row, derived, old: nil)
    }
    counters.newestRow = max(counters.newestRow, row)
    counters.customerCount += 1
    return WrittenRecord(
      outcome: .created,
      id: customer.customerID,
      version: customer.version,
      sequence: sequence,
      record: record
    )
  }

  private func lastRecord(of gone: Gone) throws(RepositoryError) -> Customer? {
    let record = try sqlite { () throws(SQLiteError) in
      try changeBySequence.bind(gone.sequence).first { (columns) throws(SQLiteError) in
        try columns.record(at: 0, of: "change \(gone.sequence)")
      }
    }
    return if let record { try customer(record) } else { nil }
  }

  /// Gives a customer that is there a new state, unless it has that state.
  func update(
    _ live: Live,
    from current: Customer,
    to next: Customer,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    var next = next
    next.customerID = current.customerID
    next.version = current.version
    next.createTime = current.createTime
    next.updateTime = current.updateTime
    if next.encoded() == live.record { return WrittenRecord(.unchanged, live) }
    next.version = live.version + 1
    next.updateTime = Timestamp(microseconds: stamp.timeMicroseconds)
    let record = try Self.encode(next)
    try checkEmail(next)
    if let rehearsal {
      let written = Live(
        row: live.row,
        id: next.customerID,
        version: next.version,
        sequence: counters.newestSequence + 1,
        record: record
      )
      rehearsal.note(written, next)
      return WrittenRecord(.updated, written)
    }
    let derived = DerivedColumns(next)
    let old = DerivedColumns(current)
    try sqlite { () throws(SQLiteError) in
      try bind(updateCustomer, live.row, counters.newestSequence + 1, next, derived, record)
      try note(.updated, live.row, next.version, stamp, before: live.record)
      if !derived.isSearchedAs(old) { try queue(live.row, derived, old: old) }
    }
    return WrittenRecord(
      outcome: .updated,
      id: next.customerID,
      version: next.version,
      sequence: counters.newestSequence,
      record: record
    )
  }

  /// Deletes a customer.
  func remove(
    _ live: Live,
    _ current: Customer,
    _ stamp: WriteStamp
  ) throws(RepositoryError) -> WrittenRecord {
    let version = live.version + 1
    let id = current.customerID
    try sqlite { () throws(SQLiteError) in
      try deleteCustomer.bind(live.row).run()
      try note(.deleted, live.row, version, stamp, before: live.record)
      try insertDeleted.bind(live.row).bind(id).bind(Int64(bitPattern: version))
        .bind(counters.newestSequence).run()
      try queue(live.row, nil, old: DerivedColumns(current))
    }
    // Not below 0, as the count may have been damaged.
    counters.customerCount = max(0, counters.customerCount - 1)
    return WrittenRecord(
      outcome: .deleted,
      id: id,
      version: version,
      sequence: counters.newestSequence,
      record: live.record
    )
  }

  private static func encode(_ customer: Customer) throws(RepositoryError) -> [UInt8] {
    let record = customer.encoded()
    guard record.count <= StoreLimit.recordBytesMax else {
      throw .recordTooLarge(bytes: record.count, max: StoreLimit.recordBytesMax)
    }
    return record
  }

  private func checkEmail(_ customer: Customer) throws(RepositoryError) {
    guard counters.settings.uniqueEmail, !customer.emailAddress.isEmpty else { return }
    let key = TextFolding.caseless(customer.emailAddress)
    if rehearsal != nil {
      for live in try lives(withEmail: key) where live.id != customer.customerID {
        throw .emailTaken(byID: live.id, record: live.record)
      }
      return
    }
    let other = try sqlite { () throws(SQLiteError) in
      try idByEmail.bind(utf8: key.span).bind(customer.customerID)
        .first { (columns) throws(SQLiteError) in
          (columns.text(at: 0), try columns.record(at: 1, of: "customer \(columns.text(at: 0))"))
        }
    }
    if let (id, record) = other { throw .emailTaken(byID: id, record: record) }
  }

  // MARK: Rows

  private func bind(
    _ statement: Statement,
    _ row: Int64,
    _ sequence: Int64,
    _ customer: Customer,
    _ derived: DerivedColumns,
    _ record: [UInt8]
  ) throws(SQLiteError) {
    try statement.bind(row).bind(sequence).bind(record: record).bind(customer, derived).run()
  }

  /// Appends a change to the log.
  func note(
    _ kind: ChangeEntry.Kind,
    _ row: Int64,
    _ version: UInt64,
    _ stamp: WriteStamp,
    before: [UInt8]?
  ) throws(SQLiteError) {
    let sequence = counters.newestSequence + 1
    try insertChange.bind(sequence).bind(row).bind(Int64(bitPattern: version)).bind(kind.rawValue)
      .bind(stamp.timeMicroseconds).bind(AuthorColumn.text(stamp.author)).bind(record: before).run()
    counters.newestSequence = sequence
  }

  /// Has the index learn new words of a row, and forget old ones.
  func queue(
    _ row: Int64,
    _ new: DerivedColumns?,
    old: DerivedColumns?
  ) throws(SQLiteError) {
    try insertPending.bind(row).bind(searched: new).bind(searched: old).run()
    counters.pendingCount += 1
    if let waitingWords, let new {
      waitingWords.add(row, new.bytes.span.extracting(new.terms))
    }
  }
}

extension WrittenRecord {
  /// A customer as it is after a write.
  init(_ outcome: Outcome, _ live: WriterConnection.Live) {
    self.init(
      outcome: outcome,
      id: live.id,
      version: live.version,
      sequence: live.sequence,
      record: live.record
    )
  }
}
