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
    let name = "customer \(columns.text(at: 1))"
    if !columns.isRecordWhole(at: 15) {
      findings.note("\(name): the record is not the one that was written")
    }
    let customer: Customer
    do { customer = try Customer(decoding: columns.bytes(at: 15)) } catch {
      findings.note("\(name): the record can't be read: \(error)")
      return
    }
    let derived = DerivedColumns(customer)
    func compare(_ column: Int32, _ label: String, _ wanted: some Sequence<UInt8>) {
      if !columns.bytes(at: column).elementsEqual(wanted) {
        findings.note("\(name): \(label) is not what the record says")
      }
    }
    func compare(_ column: Int32, _ label: String, _ wanted: Int64) {
      let found = columns.integer(at: column)
      if found != wanted {
        findings.note("\(name): \(label) is \(found), and the record says \(wanted)")
      }
    }
    compare(1, "customer_id", customer.customerID.utf8)
    compare(2, "version", Int64(bitPattern: customer.version))
    compare(4, "first_name", customer.firstName.utf8)
    compare(5, "last_name", customer.lastName.utf8)
    compare(6, "display_name", customer.displayName.utf8)
    compare(7, "email_address", customer.emailAddress.utf8)
    compare(8, "create_time", customer.createTime?.microseconds ?? 0)
    compare(9, "update_time", customer.updateTime?.microseconds ?? 0)
    compare(10, "email_key", derived.bytes[derived.emailKey])
    compare(11, "sort_key", derived.bytes[derived.sortKey])
    compare(12, "phones", derived.bytes[derived.phones])
    compare(13, "address", derived.bytes[derived.address])
    compare(14, "attributes", derived.bytes[derived.attributes])
    guard !columns.isNull(at: 17) else { return }
    compare(18, "the text that waits for the index", derived.bytes[derived.text])
    compare(19, "the terms that wait for the index", derived.bytes[derived.terms])
  }
}
