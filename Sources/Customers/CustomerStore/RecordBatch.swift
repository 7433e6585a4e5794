/// Records one behind the other.
package struct RecordBatch: Hashable, Sendable {
  /// All records' bytes.
  package internal(set) var bytes: [UInt8] = []

  /// Where each record ends in ``bytes``; ascending.
  package internal(set) var ends: [Int] = []

  /// The number of records.
  package var count: Int { ends.count }

  /// Where a record stands in ``bytes``.
  package func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// A record.
  package subscript(index: Int) -> [UInt8] { Array(bytes[range(index)]) }
}

/// A page of a list.
///
/// With a filter it may hold fewer customers than asked for, even none, and still have a next page.
package struct RecordPage: Sendable {
  /// The customers.
  package internal(set) var records = RecordBatch()

  /// Where the next page begins; `nil` if this was the last.
  package internal(set) var next: ListPosition?

  /// How many customers the list has in all, as of the newest write; of a first page only.
  package internal(set) var totalCount: Int64 = 0

  /// Whether ``totalCount`` is where counting stopped.
  package internal(set) var totalIsMinimum = false

  /// The newest change that the page shows.
  package internal(set) var sequence: Int64 = 0
}
