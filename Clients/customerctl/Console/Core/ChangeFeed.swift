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

  /// As the daemon saw it; empty for what was written before the console watched.
  var actor: String
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
          name: CustomerText.name(customer),
          time: customer.updateTime,
          actor: ""
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

/// What the Store screen tells.
struct StoreReport: Equatable, Sendable {
  /// What the daemon said last.
  var status = StoreStatus()

  /// Whether it said anything yet.
  var isKnown: Bool { !status.storeID.isEmpty || !status.serverVersion.isEmpty }
}

// The Changes and Store screens, and what the watch tells.

extension ConsoleState {
  /// How many lines of the feed are in view.
  var feedRows: Int { max(ConsoleLayout(size: size).body.count - ChangesScreen.headRows, 1) }

  mutating func pressInFeed(_ key: Key) {
    switch key.code {
    case .up: feed.selected -= 1
    case .down: feed.selected += 1
    case .pageUp: feed.selected -= feedRows
    case .pageDown: feed.selected += feedRows
    case .home: feed.selected = 0
    case .end: feed.selected = feed.entries.count - 1
    case .enter: openFromFeed()
    default: return
    }
    feed.reveal(rows: feedRows)
  }

  mutating func pressInStore(_ key: Key) {
    if key == .letter("r") { askStatus() }
  }

  private mutating func openFromFeed() {
    guard feed.entries.indices.contains(feed.selected) else { return }
    let entry = feed.entries[feed.selected]
    guard entry.kind != .deleted, entry.kind != .erased else {
      tell("\(entry.name) is deleted", .warning)
      return
    }
    call(.get(entry.customerID), .open)
  }

  /// Reads what was written before the console watched, once.
  mutating func loadRecent() {
    guard !feed.isRecentRead, !isCalling(.recent) else { return }
    var request = ListCustomersRequest()
    request.pageSize = Int32(ChangeFeed.recentMax)
    request.orderBy = ListOrder.newestUpdate.orderBy
    call(.list(request), .recent)
  }

  mutating func takeRecent(_ result: Result<ConsoleAnswer, CustomerError>) {
    switch result {
    case .success(.page(let response)): feed.addRecent(response.customers)
    case .failure(.unavailable(let message, _)): lose(message)
    // A daemon that can't sort by time has no past to show here.
    default: feed.isRecentRead = true
    }
  }

  /// Takes a change in: the feed, the list and the details show it.
  mutating func take(_ change: Change) {
    connected()
    if !change.resumeToken.isEmpty { link.token = change.resumeToken }
    guard change.kind != .none, let customer = change.customer else { return }
    let actor = Actor(change.actor)
    let isOwn = actor.processID != nil && actor.processID == context.processID
    feed.add(
      FeedEntry(
        kind: change.kind,
        customerID: customer.customerID,
        version: customer.version,
        name: CustomerText.name(customer),
        time: change.changeTime,
        actor: change.actor
      )
    )
    feed.reveal(rows: feedRows)
    if isOwn { return }
    takeIntoList(change.kind, customer)
    if details?.base.customerID == customer.customerID { takeIntoDetails(change, customer, actor) }
  }

  private mutating func takeIntoList(_ kind: Change.Kind, _ customer: Customer) {
    let id = customer.customerID
    switch kind {
    case .created:
      guard list.row(of: id) == nil else { return takeNewer(customer) }
      let isAtEnd = list.order == .creation && list.found == nil && list.pages.isComplete
      if isAtEnd, list.pages.missing(list.pages.rowCount - 1..<list.pages.rowCount) == nil {
        list.insert(customer, row: list.pages.rowCount)
        list.mark(id, .created, now)
      } else {
        list.unseen += 1
        if let total = list.total { list.total = total + 1 }
      }
    case .updated:
      guard list.row(of: id) != nil else { return }
      takeNewer(customer)
      list.mark(id, .updated, now)
    case .deleted, .erased:
      if let total = list.total { list.total = max(total - 1, 0) }
      if list.row(of: id) != nil { list.mark(id, .deleted, now) }
    default: break
    }
  }

  /// Shows a record in the list if it is newer than what stands there.
  mutating func takeNewer(_ customer: Customer) {
    guard let row = list.row(of: customer.customerID), let shown = list.customer(row),
      shown.version <= customer.version
    else { return }
    list.replace(customer)
  }
}
