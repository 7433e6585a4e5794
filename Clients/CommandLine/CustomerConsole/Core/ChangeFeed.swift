import CustomerClient
import CustomerModel
import WellKnownTypes

/// One line of the Changes screen.
struct FeedEntry: Equatable, Sendable {
  var kind: Change.Kind
  var customerID: String
  var version: UInt64
  var name: String
  var time: Timestamp?

  /// As the daemon saw it; nil for what was written before the console watched.
  var author: Author?
}

/// The Changes screen: what is written while the console is open, and what was written last before.
struct ChangeFeed: Equatable, Sendable {
  /// The most lines; beyond, the oldest go.
  static let entriesMax = 500

  /// How many are read that were written before.
  static let recentMax = 50

  /// Newest first.
  private(set) var entries: [FeedEntry] = []

  /// How many changes were told since the console was opened.
  private(set) var told = 0

  /// Whether what was written before is there, or can't be.
  var isRecentRead = false

  var selected = 0
  var top = 0

  /// Puts a change on top; the selection stays with its line unless it is at the top.
  mutating func add(_ entry: FeedEntry) {
    entries.insert(entry, at: 0)
    told += 1
    if selected > 0 {
      selected += 1
      top += 1
    }
    trim()
  }

  /// Puts what was written before at the end, without what is there already.
  mutating func addRecent(_ customers: [Customer]) {
    isRecentRead = true
    let known = Set(entries.map { "\($0.customerID)@\($0.version)" })
    for customer in customers.prefix(Self.recentMax)
    where !known.contains("\(customer.customerID)@\(customer.version)") {
      entries.append(
        FeedEntry(
          kind: customer.version == 1 ? .created : .updated,
          customerID: customer.customerID,
          version: customer.version,
          name: customer.shownName,
          time: customer.updateTime
        )
      )
    }
    trim()
  }

  /// Moves the view so that the selected line is in it.
  mutating func reveal(rows: Int) {
    selected = min(max(selected, 0), max(entries.count - 1, 0))
    let rows = max(rows, 1)
    if selected < top { top = selected }
    if selected >= top + rows { top = selected - rows + 1 }
    top = max(0, min(top, max(entries.count - rows, 0)))
  }

  private mutating func trim() {
    if entries.count > Self.entriesMax { entries.removeLast(entries.count - Self.entriesMax) }
  }
}
