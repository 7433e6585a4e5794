import CustomerModel
import ProtoWire
import SQLite

/// Checks that the change log, replayed, comes to the customers that are there, as far as it is
/// kept.
///
/// A change holds the record it replaced, so each customer's changes are a chain: every link names
/// a version, and the next link holds the record of that version; the last one's is the customer.
struct ChangeLogCheck {
  /// A change as the chain sees it.
  private struct Link {
    var sequence: Int64
    var version: UInt64
    var kind: ChangeEntry.Kind
  }

  /// A customer's or a deleted customer's row.
  private struct Head {
    var id: String
    var version: UInt64
    var sequence: Int64
  }

  private let database: Database
  private let customerHead: Statement
  private let deletedHead: Statement
  private let oldestSequence: Int64

  init(_ database: Database) throws(SQLiteError) {
    self.database = database
    customerHead = try database.prepare(CheckSQL.customerHead)
    deletedHead = try database.prepare(CheckSQL.deletedHead)
    oldestSequence = try Meta(database).oldestSequence()
  }

  func run(_ findings: inout StoreFindings) throws(SQLiteError) {
    try checkNumbers(&findings)
    try checkChains(&findings)
    let lost = try database.prepare(CheckSQL.headsWithoutChange)
    try lost.bind(oldestSequence).forEachRow { columns in
      findings.note("customer \(columns.text(at: 0)): change \(columns.integer(at: 1)) is missing")
    }
    try database.prepare(CheckSQL.thereAndDeleted).forEachRow { columns in
      findings.note("customer \(columns.text(at: 0)) is there and deleted")
    }
  }

  private func checkNumbers(_ findings: inout StoreFindings) throws(SQLiteError) {
    let facts = try database.prepare(CheckSQL.changeFacts).first { columns in
      (0..<4).map { columns.integer(at: $0) }
    }
    guard let facts, facts[0] > 0 else { return }
    findings.changeCount = facts[0]
    if facts[1] < oldestSequence {
      findings.note("change \(facts[1]) is there, and \(oldestSequence) is said to be the oldest")
    }
    // Where a customer was erased, its changes are gone.
    let wanted = facts[2] &- oldestSequence &+ 1
    if facts[3] == 0, facts[0] != wanted {
      findings.note("\(facts[0]) changes are there instead of \(wanted)")
    }
  }

  private func checkChains(_ findings: inout StoreFindings) throws(SQLiteError) {
    let changes = try database.prepare(CheckSQL.changesByRow)
    let rows = changes.begin()
    var row: Int64?
    var id = ""
    var last: Link?
    while try rows.step() {
      if changes.integer(at: 0) != row {
        if let row, let last { try checkEnd(row, id, last, &findings) }
        row = changes.integer(at: 0)
        id = ""
        last = nil
      }
      guard let kind = ChangeEntry.Kind(rawValue: changes.integer(at: 3)) else {
        findings.note(
          "change \(changes.integer(at: 1)) is of unknown kind \(changes.integer(at: 3))"
        )
        continue
      }
      let link = Link(
        sequence: changes.integer(at: 1),
        version: UInt64(bitPattern: changes.integer(at: 2)),
        kind: kind
      )
      if !changes.isRecordWhole(at: 4) {
        let text = "the record it replaced is not the one that was written"
        findings.note("change \(link.sequence): \(text)")
      }
      if let finding = Self.finding(link, after: last, changes, oldestSequence, &id) {
        findings.note("change \(link.sequence): \(finding)")
      }
      last = link
    }
    if let row, let last { try checkEnd(row, id, last, &findings) }
  }

  /// What is wrong with a link of a chain; `nil` if nothing is.
  ///
  /// `id` is the customer's, as far as the chain told it; it learns of it from the link.
  private static func finding(
    _ link: Link,
    after last: Link?,
    _ columns: Statement,
    _ oldestSequence: Int64,
    _ id: inout String
  ) -> String? {
    if link.kind == .erased { return last == nil ? nil : "it erases a past that is there" }
    if let last, link.version != last.version &+ 1 {
      return "version \(link.version) follows version \(last.version)"
    }
    let follows = last?.kind
    if link.kind == .created {
      if follows == .created || follows == .updated { return "it creates what is there" }
      return columns.isNull(at: 4) ? nil : "it creates, and replaces a record"
    }
    if follows == .deleted || follows == .erased { return "it changes what is not there" }
    if last == nil, oldestSequence == 1 { return "it changes what never was" }
    guard let before = try? Customer(decoding: columns.bytes(at: 4)), !columns.isNull(at: 4) else {
      return "the record it replaced can't be read"
    }
    guard before.version == link.version &- 1 else {
      return "it makes version \(link.version) of a record of version \(before.version)"
    }
    defer { id = before.customerID }
    return id.isEmpty || id == before.customerID ? nil : "it replaced another customer's record"
  }

  /// Compares a chain's end with what is there of its customer.
  private func checkEnd(
    _ row: Int64,
    _ id: String,
    _ last: Link,
    _ findings: inout StoreFindings
  ) throws(SQLiteError) {
    let live = try customerHead.bind(row).first(Self.head)
    let gone = try deletedHead.bind(row).first(Self.head)
    let head: Head?
    switch last.kind {
    case .created, .updated: head = live
    case .deleted, .erased: head = gone
    }
    guard let head else {
      findings.note("change \(last.sequence): what it made isn't there")
      return
    }
    if !id.isEmpty, id != head.id {
      findings.note("customer \(head.id): its past is that of customer \(id)")
    }
    if head.sequence != last.sequence || head.version != last.version {
      findings.note(
        """
        customer \(head.id) is at version \(head.version) by change \(head.sequence), and its last \
        change is \(last.sequence), which makes version \(last.version)
        """
      )
    }
  }

  private static func head(_ columns: Statement) -> Head {
    Head(
      id: columns.text(at: 0),
      version: UInt64(bitPattern: columns.integer(at: 1)),
      sequence: columns.integer(at: 2)
    )
  }
}
