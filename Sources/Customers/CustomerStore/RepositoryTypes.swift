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

/// A customer after a write.
package struct WrittenRecord: Hashable, Sendable {
  /// What a write came to.
  package enum Outcome: Sendable {
    /// The customer is new, or is back.
    case created
    /// The customer changed.
    case updated
    /// The customer was so already; nothing was written.
    case unchanged
    /// The customer is gone, with its past if that was asked for.
    case deleted
  }

  /// What the write came to.
  package var outcome: Outcome

  /// The customer's id.
  package var id: String

  /// The version after the write.
  package var version: UInt64

  /// The change's number; of the newest change of this customer if nothing was written.
  package var sequence: Int64

  /// The record after the write; of a deletion the last one before it.
  package var record: [UInt8]
}

/// What an import does with its rows.
package enum ImportMode: Sendable {
  /// Adds customers, and changes those that are there.
  case upsert
  /// Adds customers; one that is there is an error of that row.
  case create
  /// Says what `upsert` would do, and writes nothing.
  case validate
}

/// How an import finds the customer of a row that names no id.
package enum ImportMatch: Hashable, Sendable {
  /// It doesn't: such a row is a new customer.
  case none
  /// By the e-mail address, without case; a row that has none is a new customer.
  case emailAddress
  /// By the value of the attribute of this name; a row that has none is a new customer.
  case attribute(String)
}

/// A row of an import.
package struct ImportRow: Sendable {
  /// The customer; a version is the one the store's customer must have, or keeps if it is new.
  package var customer: Customer

  /// The id it gets if it names none and no customer matches.
  package var newID: String

  /// Creates a row.
  package init(customer: Customer, newID: String) {
    self.customer = customer
    self.newID = newID
  }
}

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

/// How far an export has come.
package struct ExportPosition: Hashable, Sendable {
  /// The sequence number whose state is exported; what comes after it, a watch from here shows.
  package let sequence: Int64

  /// Customers up to this row have been exported.
  let row: Int64
}

/// A part of an export.
package struct ExportChunk: Sendable {
  /// The customers, in the order in which they came to be.
  package internal(set) var records: RecordBatch

  /// Where the export goes on; `nil` if this was the last chunk.
  package internal(set) var next: ExportPosition?
}

/// A change of a customer.
package struct ChangeEntry: Hashable, Sendable {
  /// What happened to the customer; the numbers are those in the file.
  package enum Kind: Int64, Sendable {
    /// It came to be, or came back.
    case created = 1
    /// It changed.
    case updated = 2
    /// It was deleted.
    case deleted = 3
    /// Its past was erased.
    case erased = 4
  }

  /// The change's number.
  package var sequence: Int64

  /// What happened.
  package var kind: Kind

  /// The customer's version after it.
  package var version: UInt64

  /// When, in microseconds since 1970-01-01T00:00:00Z.
  package var timeMicroseconds: Int64

  /// Who; `nil` if the file doesn't say.
  package var author: Author?

  /// The record after the change; of a deletion the one before it; of an erasure the id and the
  /// version only.
  package var record: [UInt8]
}

/// Changes in their order.
package struct ChangePage: Sendable {
  /// The changes, ascending by sequence.
  package internal(set) var changes: [ChangeEntry]

  /// Where to read on; all changes up to it that were asked for have been seen.
  ///
  /// The newest change that was known where there were no more.
  package internal(set) var next: Int64

  /// Whether there were more at the time.
  package internal(set) var hasMore: Bool
}

/// What an operator asks about a store.
package struct RepositoryStatus: Hashable, Sendable {
  /// Random, made with the store.
  package var storeID: String

  /// The customers that are there.
  package var customerCount: Int64

  /// The changes ever made.
  package var changeCount: Int64

  /// The oldest change that is kept; 0 if there is none.
  package var oldestSequence: Int64

  /// When that one was made, in microseconds since 1970-01-01T00:00:00Z; `nil` if there is none.
  package var oldestTimeMicroseconds: Int64?

  /// The changes whose words aren't in the search index yet.
  package var unindexedCount: Int64

  /// Whether traces of erased customers are still being overwritten.
  package var isErasing: Bool

  /// The file and the log beside it, in bytes.
  package var databaseBytes: Int64

  /// The version of the tables.
  package var schemaVersion: Int

  /// The rules that were set.
  package var settings: RepositorySettings
}
