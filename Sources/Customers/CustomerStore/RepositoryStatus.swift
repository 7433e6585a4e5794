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
