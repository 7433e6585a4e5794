import CustomerModel

/// How a list's customers are found.
///
/// Every condition narrows one of a few sources: a range of a b-tree, or words of the terms index.
/// A page either walks the order's own index, or gathers the rows of a source that holds few and
/// puts them in order. Either way the records decide (``CustomerFilter/matches(_:)``), and a page
/// looks at a bounded number of them.
struct ListPlan {
  /// A b-tree beside the records.
  enum Index: CaseIterable {
    case customerID
    case emailAddress
    case lastName
    case updateTime

    /// The index of a list's order.
    init(_ key: ListOrder.Key) {
      switch key {
      case .lastName: self = .lastName
      case .emailAddress: self = .emailAddress
      case .updateTime: self = .updateTime
      }
    }

    /// The column that it orders.
    var column: String {
      switch self {
      case .customerID: "customer_id"
      case .emailAddress: "email_key"
      case .lastName: "sort_key"
      case .updateTime: "update_time"
      }
    }
  }

  /// A range of an index: from the first key to before the second.
  struct Bounds: Hashable {
    var lower: ListKey
    var upper: ListKey

    /// Leaves what lies in another range too.
    mutating func intersect(_ other: Bounds) {
      if lower.isBefore(other.lower) { lower = other.lower }
      if other.upper.isBefore(upper) { upper = other.upper }
    }
  }

  /// The ranges that the conditions leave of the b-trees.
  private(set) var ranges: [(index: Index, bounds: Bounds)] = []

  /// The query of the terms index that all candidates meet; empty if no condition is about terms.
  private(set) var match: [UInt8] = []

  /// What a waiting row's terms hold, between two spaces, if it meets the first of these conditions.
  private(set) var pendingWord: [UInt8] = []

  /// Makes the plan of a filter.
  init(_ filter: CustomerFilter) {
    for condition in filter.conditions { add(condition) }
  }

  /// The range of an index that the conditions leave.
  func bounds(of index: Index) -> Bounds {
    let range = ranges.first { $0.index == index }
    return range?.bounds ?? Bounds(all: index)
  }

  /// Whether a walk in an order sees no more rows than the conditions' own sources hold.
  func isServed(by order: ListOrder) -> Bool {
    switch order {
    case .creation: ranges.isEmpty
    case .by(let key, _): match.isEmpty && ranges.allSatisfy { $0.index == Index(key) }
    }
  }

  private mutating func add(_ condition: FilterCondition) {
    switch condition {
    case .customerID(let pattern):
      narrow(.customerID, Bounds(Array(pattern.text.utf8), isPrefix: pattern.isPrefix))
    case .emailAddress(let pattern):
      narrow(
        .emailAddress,
        Bounds(TextFolding.caseless(pattern.text), isPrefix: pattern.isPrefix)
      )
    case .lastName(let pattern):
      // The key goes on with a tab and the first name.
      let name = TextFolding.folded(pattern.text)
      narrow(.lastName, Bounds(pattern.isPrefix ? name : name + [0x09], isPrefix: true))
    case .updateTime(let range):
      narrow(.updateTime, Bounds(range))
    case .firstName(let name): addTerm(SearchTerm.firstName(name), isPrefix: false)
    case .attribute(let name, let value):
      addTerm(SearchTerm.attribute(name, value), isPrefix: false)
    case .hasAttribute(let name): addTerm(SearchTerm.attributeName(name), isPrefix: false)
    case .phone(let pattern):
      addTerm(SearchTerm.phone(pattern.text), isPrefix: pattern.isPrefix)
    case .postcode(let postcode): addTerm(SearchTerm.postcode(postcode), isPrefix: false)
    }
  }

  private mutating func narrow(_ index: Index, _ bounds: Bounds) {
    guard let place = ranges.firstIndex(where: { $0.index == index }) else {
      return ranges.append((index, bounds))
    }
    ranges[place].bounds.intersect(bounds)
  }

  private mutating func addTerm(_ word: [UInt8], isPrefix: Bool) {
    if match.isEmpty {
      pendingWord = [UInt8(ascii: " ")] + word + (isPrefix ? [] : [UInt8(ascii: " ")])
    } else {
      match += Array(" AND ".utf8)
    }
    match += TermQuery.term(word, isPrefix: isPrefix)
  }
}

/// Queries of the full-text indexes (`sqlite.org/fts5.html`, 3).
enum TermQuery {
  /// A word between quotes; one that may go on has a star behind it.
  static func term(_ word: [UInt8], isPrefix: Bool) -> [UInt8] {
    var query: [UInt8] = [quote]
    for byte in word {
      query.append(byte)
      if byte == quote { query.append(quote) }
    }
    query.append(quote)
    if isPrefix { query.append(UInt8(ascii: "*")) }
    return query
  }

  private static let quote = UInt8(ascii: "\"")
}

extension ListPlan.Bounds {
  /// All keys of an index.
  init(all index: ListPlan.Index) {
    switch index {
    case .customerID, .emailAddress, .lastName: self.init([], isPrefix: true)
    case .updateTime: self.init(.min ... .max)
    }
  }

  /// The keys that are this text, or begin with it.
  init(_ text: [UInt8], isPrefix: Bool) {
    lower = .text(text)
    // UTF-8 has no byte 0xFF, so nothing that begins with the text sorts behind this.
    upper = isPrefix ? .text(text + [0xFF]) : .text(text + [0])
  }

  /// The times of a range.
  init(_ range: ClosedRange<Int64>) {
    lower = .time(range.lowerBound)
    upper = .time(range.upperBound == .max ? .max : range.upperBound + 1)
  }
}
