/// Names and values that travel beside a call's messages.
///
/// Names are in lower case; a name may stand more than once.
package struct Metadata: Hashable, Sendable {
  /// One name with one value.
  package struct Item: Hashable, Sendable {
    package var name: String
    package var value: String

    /// Creates an item.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The items in the order they were added or came.
  package var items: [Item]

  /// Creates metadata.
  package init(_ items: [Item] = []) { self.items = items }

  /// The first value of a name.
  package subscript(name: String) -> String? {
    items.first { $0.name == name }?.value
  }
}
