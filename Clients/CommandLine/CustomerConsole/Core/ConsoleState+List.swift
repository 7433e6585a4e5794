import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

// The Customers screen: moving, paging, order, search.

extension ConsoleState {
  /// How many customers are in view.
  var listRows: Int { max(ConsoleLayout(size: size).body.count - CustomerListScreen.headRows, 1) }

  /// Does what a key means on the list.
  mutating func pressInList(_ key: Key) {
    if list.isTyping {
      pressInSearch(key)
      return
    }
    if move(key) { return }
    guard !key.modifiers.contains(.control), !key.modifiers.contains(.alt) else { return }
    switch key.code {
    case .enter: openSelected()
    case .escape: if list.found != nil || !list.query.text.isEmpty { endSearch() }
    case .delete: askDelete()
    case .character("a"): openAddNew()
    case .character("/"): beginSearch()
    case .character("s"): sort(list.order.next())
    case .character("S"): sort(list.order.next(backwards: true))
    case .character("d"): askDelete()
    case .character("r"): reloadList()
    default: break
    }
  }

  /// Moves the selection.
  ///
  /// - Returns: Whether the key is one that moves.
  private mutating func move(_ key: Key) -> Bool {
    switch key.code {
    case .up: select(list.selected - 1)
    case .down: select(list.selected + 1)
    case .pageUp: select(list.selected - listRows)
    case .pageDown: select(list.selected + listRows)
    case .home: select(0)
    case .end: select(list.found == nil && !list.pages.isComplete ? .max : list.rowCount - 1)
    default: return false
    }
    return true
  }

  /// Selects a row; one that isn't known yet when it is there.
  private mutating func select(_ row: Int) {
    list.goal = row >= list.rowCount && list.found == nil && !list.pages.isComplete ? row : nil
    list.wanted = nil
    list.selected = row
    list.reveal(rows: listRows)
    loadWhatIsShown()
  }

  // MARK: Pages

  /// Reads all anew, as after a change of order.
  mutating func loadList() {
    list.pages = CustomerPages()
    list.loading = nil
    list.goal = nil
    list.unseen = 0
    list.selected = 0
    list.top = 0
    list.marks = [:]
    loadWhatIsShown()
  }

  /// Reads what is in view anew; the selection stays with its customer.
  mutating func reloadList() {
    list.wanted = list.pages[list.selected]?.customerID ?? list.wanted
    list.unseen = 0
    list.marks = [:]
    list.loading = nil
    list.goal = nil
    cancel(.list)
    if list.found != nil || !list.query.text.isEmpty { search() }
    list.pages.expire()
    loadWhatIsShown()
  }

  /// Asks for the first page that is needed and isn't there.
  mutating func loadWhatIsShown() {
    guard list.loading == nil else { return }
    // Towards a goal that isn't known yet, page after page.
    let step = list.goal.map { min($0, list.pages.rowCount) }
    let rows = step.map { $0..<$0 + 1 } ?? list.top..<list.top + listRows
    guard let page = list.pages.missing(rows) else { return }
    list.loading = page
    var request = ListCustomersRequest()
    request.pageSize = Int32(CustomerPages.pageSize)
    request.pageToken = list.pages.token(ofPage: page)
    request.orderBy = list.order.orderBy
    call(.list(request), .list)
  }

  mutating func takePage(_ result: Result<ConsoleAnswer, CustomerError>) {
    guard let page = list.loading else { return }
    list.loading = nil
    switch result {
    case .success(.page(let response)):
      connected()
      take(response, page: page)
    case .failure(.invalid) where page > 0:
      // The way here isn't one of this store any more.
      loadList()
    case .failure(.unimplemented) where list.order != .creation,
      .failure(.invalid) where list.order != .creation:
      tell("This daemon can't sort \(list.order.title)", .warning)
      list.order = .creation
      loadList()
    case .failure(.unavailable(let message, _)):
      giveUpGoal()
      lose(message)
    case .failure(let error):
      giveUpGoal()
      tell("Customers", error)
    default: break
    }
  }

  private mutating func take(_ response: ListCustomersResponse, page: Int) {
    if page == 0 {
      list.total = max(Int(response.totalSize), 0)
      list.isTotalMinimum = response.totalSizeIsMinimum
      // What changed before the page was read is in it.
      if link.token.isEmpty { link.token = response.resumeToken }
    }
    let center = list.goal == nil ? list.top : list.pages.rowCount
    list.pages.take(
      response.customers,
      page: page,
      nextToken: response.nextPageToken,
      around: center
    )
    if list.found == nil { settleSelection() }
    if link.live == .off { watch() }
    loadWhatIsShown()
  }

  private mutating func giveUpGoal() {
    list.goal = nil
    list.reveal(rows: listRows)
  }

  /// Selects what was to be selected once it is there.
  private mutating func settleSelection() {
    if let id = list.wanted, let row = list.pages.row(of: id) {
      list.selected = row
      list.wanted = nil
      list.goal = nil
    } else if let goal = list.goal {
      list.selected = min(goal, max(list.pages.rowCount - 1, 0))
      if goal < list.pages.rowCount || list.pages.isComplete {
        list.goal = nil
        list.wanted = nil
      }
    } else if list.wanted != nil, list.selected >= list.pages.rowCount, !list.pages.isComplete {
      // The pages from here on are cut anew.
      list.goal = list.selected
    } else {
      // The customer is gone: what stands in its place is selected.
      list.wanted = nil
    }
    list.reveal(rows: listRows)
  }

  /// Shows another order, from its beginning.
  private mutating func sort(_ order: ListOrder) {
    guard list.found == nil else {
      tell("What a search finds stands with the best first", .info)
      return
    }
    list.order = order
    cancel(.list)
    loadList()
  }

  // MARK: Search

  private mutating func beginSearch() {
    list.isTyping = true
  }

  private mutating func pressInSearch(_ key: Key) {
    switch key.code {
    case .escape: endSearch()
    case .enter:
      list.isTyping = false
      if list.found != nil { openSelected() }
    case .tab: list.isTyping = false
    case .up, .down, .pageUp, .pageDown: _ = move(key)
    default:
      let before = list.query.text
      _ = list.query.handle(key)
      if list.query.text != before { searchChanged() }
    }
  }

  /// Searches for what stands in the field by now.
  mutating func searchChanged() {
    guard trimmed(list.query.text).isEmpty else {
      search()
      return
    }
    cancel(.search)
    showAll()
  }

  private mutating func search() {
    call(.search(list.query.text, limit: Int32(CustomerList.foundMax)), .search)
  }

  private mutating func endSearch() {
    list.isTyping = false
    list.query = TextField()
    cancel(.search)
    showAll()
  }

  /// Goes from what was found to all, with the same customer selected if it is there.
  private mutating func showAll() {
    guard list.found != nil else { return }
    let id = list.current?.customerID
    list.found = nil
    list.selected = id.flatMap { list.pages.row(of: $0) } ?? 0
    list.reveal(rows: listRows)
    loadWhatIsShown()
  }

  mutating func takeFound(_ result: Result<ConsoleAnswer, CustomerError>) {
    switch result {
    case .success(.customers(let customers)):
      connected()
      let id = list.isTyping ? nil : list.current?.customerID
      list.found = Array(customers.prefix(CustomerList.foundMax))
      list.selected = id.flatMap { list.row(of: $0) } ?? 0
      list.top = 0
      list.reveal(rows: listRows)
    case .failure(.unimplemented): tell("This daemon can't search", .warning)
    case .failure(.unavailable(let message, _)): lose(message)
    case .failure(.cancelled): break
    case .failure(let error): tell("Search", error)
    default: break
    }
  }

  // MARK: Opening

  private mutating func openSelected() {
    guard let customer = list.current else { return }
    open(customer)
    if list.marks[customer.customerID]?.kind == .deleted {
      details?.deletedBy = "another program"
    } else {
      list.marks[customer.customerID] = nil
    }
  }

  private mutating func askDelete() {
    guard let customer = list.current else { return }
    guard !isCalling(.delete(customer.customerID)) else { return }
    question = .delete(customer)
  }
}
