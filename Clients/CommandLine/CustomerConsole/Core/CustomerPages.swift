import CustomerModel

/// A list of any length, of which only the pages around the view are kept.
///
/// The daemon's pages lead forward only: each is asked for with the token that came with the one
/// before. The tokens of all pages that were read stay, so that the way back needs no walk.
struct CustomerPages: Equatable, Sendable {
  /// How many customers a page has.
  static let pageSize = 250

  /// How many pages are kept.
  static let keptMax = 5

  /// The most pages that are walked: ten million customers.
  static let pagesMax = 40_000

  struct Page: Equatable, Sendable {
    var token: String

    /// The row of its first customer.
    var start: Int
    var count: Int

    /// Nil when it isn't kept.
    var customers: [Customer]?

    /// Whether it is to be read again before it is trusted.
    var isOld = false
  }

  private(set) var pages: [Page] = []

  /// The pages whose customers are kept.
  private var kept: [Int] = []

  /// What the page behind the known ones is asked for with; nil = there is none.
  private(set) var nextToken: String? = ""

  /// Whether a page was read.
  var isBegun: Bool { !pages.isEmpty }

  /// Whether all pages have been seen.
  var isComplete: Bool { nextToken == nil }

  /// How many rows are known.
  var rowCount: Int { pages.last.map { $0.start + $0.count } ?? 0 }

  /// The customer in a row, if its page is kept.
  subscript(row: Int) -> Customer? {
    guard let index = index(ofRow: row) else { return nil }
    return pages[index].customers?[row - pages[index].start]
  }

  /// The page that has a row.
  func index(ofRow row: Int) -> Int? {
    guard row >= 0, row < rowCount else { return nil }
    var low = 0
    var high = pages.count
    while low < high {
      let middle = (low + high) / 2
      if pages[middle].start + pages[middle].count <= row {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low < pages.count ? low : nil
  }

  /// The page to ask for so that rows can be shown; nil = all are there, or don't exist.
  func missing(_ rows: Range<Int>) -> Int? {
    var row = rows.lowerBound
    while row < min(rows.upperBound, rowCount), let index = index(ofRow: row) {
      if pages[index].customers == nil || pages[index].isOld { return index }
      row = pages[index].start + max(pages[index].count, 1)
    }
    guard rows.upperBound > rowCount, !isComplete, pages.count < Self.pagesMax else { return nil }
    return pages.count
  }

  /// What a page is asked for with.
  func token(ofPage index: Int) -> String {
    index < pages.count ? pages[index].token : nextToken ?? ""
  }

  /// Takes a page in that was asked for.
  mutating func take(
    _ customers: [Customer],
    page index: Int,
    nextToken: String,
    around row: Int
  ) {
    let token = token(ofPage: index)
    let start = index < pages.count ? pages[index].start : rowCount
    let page = Page(token: token, start: start, count: customers.count, customers: customers)
    if index < pages.count {
      let shift = customers.count - pages[index].count
      pages[index] = page
      for later in index + 1..<pages.count { pages[later].start += shift }
      // What stood behind it may stand elsewhere now.
      if index + 1 < pages.count, pages[index + 1].token != nextToken {
        pages.removeSubrange((index + 1)...)
        kept.removeAll { $0 > index }
      }
    } else {
      pages.append(page)
    }
    if !kept.contains(index) { kept.append(index) }
    if index == pages.count - 1 {
      // A daemon whose next page is the same would be asked for ever.
      self.nextToken = nextToken.isEmpty || nextToken == token ? nil : nextToken
    }
    keep(around: row)
  }

  /// Has every page read again before it is trusted; until then it shows what it had.
  mutating func expire() {
    for index in pages.indices { pages[index].isOld = true }
  }

  /// Lets go of pages that are far from a row.
  mutating func keep(around row: Int) {
    let center = index(ofRow: row) ?? max(pages.count - 1, 0)
    let near = center - Self.keptMax / 2...center + Self.keptMax / 2
    for index in kept where !near.contains(index) { pages[index].customers = nil }
    kept.removeAll { !near.contains($0) }
  }

  /// The row of a customer on the pages that are kept.
  func row(of id: String) -> Int? {
    for index in kept {
      let page = pages[index]
      if let place = page.customers?.firstIndex(where: { $0.customerID == id }) {
        return page.start + place
      }
    }
    return nil
  }

  /// Puts a customer's newer record in the place of the old one.
  mutating func replace(_ customer: Customer) {
    guard let row = row(of: customer.customerID), let index = index(ofRow: row) else { return }
    let place = row - pages[index].start
    pages[index].customers?[place] = customer
  }

  /// Takes a row out.
  mutating func remove(row: Int) {
    guard let index = index(ofRow: row), pages[index].customers != nil else { return }
    let place = row - pages[index].start
    pages[index].customers?.remove(at: place)
    resize(index, by: -1)
  }

  /// Puts a customer into a row; at the end if there are not so many.
  mutating func insert(_ customer: Customer, row: Int) {
    guard let index = index(ofRow: row) ?? pages.indices.last, pages[index].customers != nil
    else { return }
    let place = min(max(row - pages[index].start, 0), pages[index].count)
    pages[index].customers?.insert(customer, at: place)
    resize(index, by: 1)
  }

  private mutating func resize(_ index: Int, by difference: Int) {
    pages[index].count += difference
    for later in pages.indices.dropFirst(index + 1) { pages[later].start += difference }
  }
}
