import CustomerModel
import Terminal

/// In which order all customers are shown.
enum ListOrder: CaseIterable, Sendable {
  case creation
  case lastName
  case emailAddress
  case newestUpdate
  case oldestUpdate

  /// As the daemon is asked for it.
  var orderBy: String {
    switch self {
    case .creation: ""
    case .lastName: "lastName"
    case .emailAddress: "emailAddress"
    case .newestUpdate: "updateTime desc"
    case .oldestUpdate: "updateTime"
    }
  }

  /// In words.
  var title: String {
    switch self {
    case .creation: "as created"
    case .lastName: "by last name"
    case .emailAddress: "by e-mail"
    case .newestUpdate: "last updated first"
    case .oldestUpdate: "last updated last"
    }
  }

  /// The next in turn, or the one before.
  func next(backwards: Bool = false) -> ListOrder {
    let all = Self.allCases
    let index = all.firstIndex(of: self) ?? 0
    return all[(index + (backwards ? all.count - 1 : 1)) % all.count]
  }
}

/// What another program did to a customer while the list showed it.
struct ListMark: Equatable, Sendable {
  enum Kind: Sendable {
    case created
    case updated
    case deleted
  }

  var kind: Kind

  /// When it was seen, in seconds since 1970.
  var time: Int64
}

/// The Customers screen: all customers page by page, or those that a search found.
struct CustomerList: Equatable, Sendable {
  /// How long a mark stays, in seconds.
  static let markSeconds: Int64 = 60

  /// The most marks; beyond, the oldest go.
  static let marksMax = 1000

  /// The most that a search shows: what the daemon answers at most.
  static let foundMax = 100

  var order = ListOrder.creation
  var pages = CustomerPages()

  /// How many customers there are, as far as the daemon counted, then as told by changes.
  var total: Int?

  /// Whether the total is where counting stopped.
  var isTotalMinimum = false

  /// What is searched for.
  var query = TextField()

  /// Whether keys go into the search.
  var isTyping = false

  /// What the search found; nil = all customers are shown.
  var found: [Customer]?

  /// The selected row of what is shown, counted from 0.
  var selected = 0

  /// The first row in view.
  var top = 0

  /// The row to go to once it is there: further down than is known yet.
  var goal: Int?

  /// What others did, by customer.
  var marks: [String: ListMark] = [:]

  /// How many customers others made that aren't shown yet.
  var unseen = 0

  /// The page that is being read.
  var loading: Int?

  /// The customer to select when it comes with a page.
  var wanted: String?

  /// How many rows are known.
  var rowCount: Int { found?.count ?? pages.rowCount }

  /// The customer in a row, if it is there.
  func customer(_ row: Int) -> Customer? {
    guard let found else { return pages[row] }
    return found.indices.contains(row) ? found[row] : nil
  }

  /// The selected customer.
  var current: Customer? { customer(selected) }

  /// The row of a customer, as far as it is kept.
  func row(of id: String) -> Int? {
    guard let found else { return pages.row(of: id) }
    return found.firstIndex { $0.customerID == id }
  }

  /// Moves the view so that the selected row is in it.
  mutating func reveal(rows: Int) {
    selected = min(max(selected, 0), max(rowCount - 1, 0))
    let rows = max(rows, 1)
    if selected < top { top = selected }
    if selected >= top + rows { top = selected - rows + 1 }
    top = max(0, min(top, max(rowCount - rows, 0)))
  }

  /// Marks what another program did.
  mutating func mark(_ id: String, _ kind: ListMark.Kind, _ now: Int64) {
    marks[id] = ListMark(kind: kind, time: now)
    guard marks.count > Self.marksMax else { return }
    if let oldest = marks.min(by: { $0.value.time < $1.value.time }) { marks[oldest.key] = nil }
  }

  /// Lets marks go that were seen long enough; a deletion stays as long as its row does.
  mutating func forgetMarks(olderThan time: Int64) {
    guard !marks.isEmpty else { return }
    marks = marks.filter { $0.value.kind == .deleted || $0.value.time >= time }
  }

  /// Puts a newer record in the place of the old one.
  mutating func replace(_ customer: Customer) {
    pages.replace(customer)
    if let index = found?.firstIndex(where: { $0.customerID == customer.customerID }) {
      found?[index] = customer
    }
  }

  /// Takes a customer out; what was selected stays selected, else the next is.
  ///
  /// - Returns: The row it had among all customers.
  @discardableResult
  mutating func remove(_ id: String) -> Int? {
    let shown = row(of: id)
    let row = pages.row(of: id)
    if let row { pages.remove(row: row) }
    found?.removeAll { $0.customerID == id }
    marks[id] = nil
    if let shown, shown < selected { selected -= 1 }
    if let total { self.total = max(total - 1, 0) }
    return row
  }

  /// Puts a customer back where it was.
  mutating func insert(_ customer: Customer, row: Int) {
    if found == nil, row <= selected, selected < rowCount { selected += 1 }
    pages.insert(customer, row: row)
    if let total { self.total = total + 1 }
  }
}
