/// Which customers are meant: those that meet every condition; all, if there is none.
package struct CustomerFilter: Hashable, Sendable {
  /// The most conditions of a filter.
  package static let conditionsMax = 10

  /// The conditions, joined by AND.
  package var conditions: [FilterCondition]

  /// Creates a filter.
  package init(_ conditions: [FilterCondition] = []) { self.conditions = conditions }
}

/// What one comparison of a filter asks of a customer.
///
/// Each is served by an index (``ListPlan``): what isn't among them can't be asked for.
package enum FilterCondition: Hashable, Sendable {
  /// The id is this or begins so; in lower case.
  case customerID(TextPattern)

  /// The e-mail address is this or begins so, without regard to case.
  case emailAddress(TextPattern)

  /// The last name is this or begins so, without regard to case and marks.
  case lastName(TextPattern)

  /// The first name is this, without regard to case and marks.
  case firstName(String)

  /// The attribute has exactly this value.
  case attribute(name: String, value: String)

  /// The attribute is there, whatever its value.
  case hasAttribute(String)

  /// The international number of a phone is this or begins so; `+` and digits.
  case phone(TextPattern)

  /// An address has this postcode, without regard to case.
  case postcode(String)

  /// The last write was in this range, in microseconds since 1970-01-01T00:00:00Z.
  case updateTime(ClosedRange<Int64>)

  /// The fewest digits of a phone number's beginning: fewer would find whole countries, and SQLite
  /// gathers all of them before it answers with the first.
  package static let phoneDigitsMin = 6

  /// The fewest characters of an id's beginning.
  package static let customerIDPrefixMin = 4
}

/// A text, or the beginning of one.
package struct TextPattern: Hashable, Sendable {
  /// The text.
  package var text: String

  /// Whether anything may follow.
  package var isPrefix: Bool

  /// Creates a pattern.
  package init(_ text: String, isPrefix: Bool = false) {
    self.text = text
    self.isPrefix = isPrefix
  }
}

/// The order of a list; customers of one key stand in the order in which they came to be.
package enum ListOrder: Hashable, Sendable {
  /// As they came to be in this store.
  case creation

  /// By a key, or from the last key to the first.
  case by(Key, isDescending: Bool)

  /// What a list can be ordered by.
  package enum Key: Hashable, Sendable, CaseIterable {
    /// The last name, then the first, then the display name, without regard to case and marks.
    case lastName
    /// The e-mail address without regard to case.
    case emailAddress
    /// The time of the last write.
    case updateTime
  }
}

/// A place in an order: behind one customer, whether it is still there or not.
package struct ListPosition: Hashable, Sendable {
  /// The customer's row.
  package var row: Int64

  /// The text or the time that it is ordered by; empty where that is the row alone.
  package var key: ListKey

  /// Creates a position.
  package init(row: Int64, key: ListKey) {
    self.row = row
    self.key = key
  }
}

/// What a customer is ordered by, beside its row.
package enum ListKey: Hashable, Sendable {
  /// Nothing else.
  case none
  /// Folded text, as UTF-8.
  case text([UInt8])
  /// Microseconds since 1970-01-01T00:00:00Z.
  case time(Int64)
}

/// A page of a list, as it is asked for.
package struct ListQuery: Sendable {
  /// Which customers.
  package var filter: CustomerFilter

  /// In which order.
  package var order: ListOrder

  /// Behind which place the page begins; `nil` for the first page.
  package var position: ListPosition?

  /// The most customers in the page.
  package var limit: Int

  /// Creates a query.
  package init(
    filter: CustomerFilter = CustomerFilter(),
    order: ListOrder = .creation,
    position: ListPosition? = nil,
    limit: Int
  ) {
    self.filter = filter
    self.order = order
    self.position = position
    self.limit = limit
  }
}
