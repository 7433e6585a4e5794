import CustomerModel
import ProtoWire
import SQLite

/// Puts a page together from the customers that come by in the list's order.
///
/// It says when enough were seen: the page is full, and, where the list's size was asked for,
/// counted as far as it is counted.
struct PageBuilder {
  /// The customers that one page looks at: a condition that few of them meet makes a page short, and
  /// the next one goes on.
  static let examinedMax = 10_000

  /// The customers up to which a filter's are counted.
  static let countedMax = 1000

  private let filter: CustomerFilter
  private let limit: Int
  private let counts: Bool
  private var examined = 0
  private var matched = 0
  private var last: ListPosition?
  private(set) var page = RecordPage()

  init(_ query: ListQuery) {
    filter = query.filter
    limit = query.limit
    // Without a filter the size is known; on later pages nobody asks.
    counts = query.position == nil && !query.filter.conditions.isEmpty
  }

  /// Looks at the next customer.
  ///
  /// - Parameters:
  ///   - columns: The statement at its row.
  ///   - column: Where the record stands.
  ///   - position: The customer's place.
  /// - Returns: Whether to go on.
  /// - Throws: If the record can't be read.
  mutating func take(
    _ columns: Statement,
    column: Int32,
    at position: @autoclosure () -> ListPosition
  ) throws(SQLiteError) -> Bool {
    examined += 1
    if try filter.matches(columns, column: column) {
      matched += 1
      if !page.records.isFull(limit) {
        let position = position()
        try page.records.append(columns, column: column, of: "row \(position.row)")
        last = position
      } else {
        if page.next == nil { page.next = last }
        if !counts { return false }
        if matched > Self.countedMax {
          page.totalIsMinimum = true
          return false
        }
      }
    }
    guard examined < Self.examinedMax else {
      page.totalIsMinimum = true
      if page.next == nil { page.next = page.records.isFull(limit) ? last : position() }
      return false
    }
    return true
  }

  /// The page, when all there is or enough was seen.
  func finished() -> RecordPage {
    var page = page
    page.totalCount = counts ? Int64(min(matched, Self.countedMax)) : 0
    return page
  }
}

extension CustomerFilter {
  /// Whether the customer of a stored record meets every condition.
  func matches(_ columns: Statement, column: Int32) throws(SQLiteError) -> Bool {
    if conditions.isEmpty { return true }
    return matches(try Customer(stored: columns, column: column))
  }
}

extension Customer {
  /// Reads a stored record.
  init(stored columns: Statement, column: Int32) throws(SQLiteError) {
    // A record that can't be read is a damaged file, whatever is wrong with it.
    let customer: Customer? = columns.withBytes(at: column) { try? Customer(decoding: $0) }
    guard let customer else {
      throw SQLiteError(code: .corrupt, message: "a record can't be decoded")
    }
    self = customer
  }
}
