import CustomerModel
import ProtoWire

/// What an import would write, kept beside the store while it is only validated: a row may match an
/// earlier one.
///
/// While a ``WriterConnection`` has one, its reads see what is here in place of what the file says,
/// and its writes go here. Nothing of it is in the file, so it lasts from one transaction to the
/// next.
final class Rehearsal {
  private var lives: [Int64: WriterConnection.Live] = [:]
  private var rowsByID: [String: Int64] = [:]
  private var rowsByEmail: [[UInt8]: [Int64]] = [:]
  private var rowsByTerm: [[UInt8]: [Int64]] = [:]
  private var newCount: Int64 = 0

  /// A customer that was written here.
  func live(_ id: String) -> WriterConnection.Live? { rowsByID[id].flatMap { lives[$0] } }

  /// The same, by its row.
  func live(row: Int64) -> WriterConnection.Live? { lives[row] }

  /// The rows that have, or had, an e-mail address here; without case.
  func rows(withEmail key: [UInt8]) -> [Int64] { rowsByEmail[key] ?? [] }

  /// The rows that have, or had, an attribute's word here.
  func rows(withTerm word: [UInt8]) -> [Int64] { rowsByTerm[word] ?? [] }

  /// A row that no customer in the file has.
  func newRow() -> Int64 {
    newCount += 1
    return -newCount
  }

  /// Notes a customer as it would be.
  func note(_ live: WriterConnection.Live, _ customer: Customer) {
    lives[live.row] = live
    rowsByID[customer.customerID] = live.row
    if !customer.emailAddress.isEmpty {
      rowsByEmail[TextFolding.caseless(customer.emailAddress), default: []].append(live.row)
    }
    for entry in customer.attributes {
      rowsByTerm[SearchTerm.attribute(entry.key, entry.value), default: []].append(live.row)
    }
  }
}
