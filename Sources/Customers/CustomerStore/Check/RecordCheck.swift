import CustomerModel
import ProtoWire
import SQLite
internal import WellKnownTypes

/// Checks that every record can be read, and that its row says what it says.
struct RecordCheck {
  private let database: Database

  init(_ database: Database) throws(SQLiteError) { self.database = database }

  func run(_ findings: inout StoreFindings) throws(SQLiteError) {
    let customers = try database.prepare(CheckSQL.customers)
    try customers.forEachRow { check($0, &findings) }
    let pending = try database.prepare(CheckSQL.pendingWithoutCustomer)
    try pending.forEachRow { row in
      guard row.integer(at: 1) == 0 else { return }
      findings.note("row \(row.integer(at: 0)): words wait for a customer that isn't there")
    }
  }

  private func check(_ columns: Statement, _ findings: inout StoreFindings) {
    let name = "customer \(columns.text(at: 6))"
    if !columns.isRecordWhole(at: 1) {
      findings.note("\(name): the record is not the one that was written")
    }
    let customer: Customer
    do { customer = try Customer(decoding: columns.bytes(at: 1)) } catch {
      findings.note("\(name): the record can't be read: \(error)")
      return
    }
    let derived = DerivedColumns(customer)
    func compare(_ column: Int32, _ label: String, _ wanted: some Sequence<UInt8>) {
      if !columns.bytes(at: column).elementsEqual(wanted) {
        findings.note("\(name): \(label) is not what the record says")
      }
    }
    for (place, column) in zip(Int32(6)..., RecordColumn.allCases) {
      switch column.value(customer, derived) {
      case .text(let text): compare(place, column.rawValue, text.utf8)
      case .derived(let range): compare(place, column.rawValue, derived.bytes[range])
      case .number(let wanted):
        let found = columns.integer(at: place)
        guard found != wanted else { continue }
        findings.note("\(name): \(column.rawValue) is \(found), and the record says \(wanted)")
      }
    }
    guard !columns.isNull(at: 3) else { return }
    compare(4, "the text that waits for the index", derived.bytes[derived.text])
    compare(5, "the terms that wait for the index", derived.bytes[derived.terms])
  }
}
