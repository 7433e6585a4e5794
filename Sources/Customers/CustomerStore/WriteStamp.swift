import CustomerModel

/// When a write is made, and by whom.
package struct WriteStamp: Hashable, Sendable {
  /// The time, in microseconds since 1970-01-01T00:00:00Z.
  package var timeMicroseconds: Int64

  /// Who, as the server saw it.
  package var author: Author

  /// Creates a stamp.
  package init(timeMicroseconds: Int64, author: Author) {
    self.timeMicroseconds = timeMicroseconds
    self.author = author
  }
}
