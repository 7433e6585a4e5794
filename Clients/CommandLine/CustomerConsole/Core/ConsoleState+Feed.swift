import CustomerClient
import CustomerModel
import Terminal

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
    let isSettled = settle(ifDoneBy: change)
    let isOwn = isSettled || change.author?.processID == context.processID
    feed.add(
      FeedEntry(
        kind: change.kind,
        customerID: customer.customerID,
        version: customer.version,
        name: customer.shownName,
        time: change.changeTime,
        author: change.author
      )
    )
    feed.reveal(rows: feedRows)
    if isOwn { return }
    takeIntoList(change.kind, customer)
    if details?.base.customerID == customer.customerID { takeIntoDetails(change, customer) }
  }

  private mutating func takeIntoList(_ kind: Change.Kind, _ customer: Customer) {
    let id = customer.customerID
    switch kind {
    case .created:
      if list.row(of: id) != nil {
        // It was deleted, and came back.
        if let total = list.total, list.marks[id]?.kind == .deleted { list.total = total + 1 }
        takeNewer(customer)
        list.mark(id, .created, now)
        return
      }
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
