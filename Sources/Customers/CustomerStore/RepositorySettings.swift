/// Rules that somebody set for a store; they are kept in it.
package struct RepositorySettings: Hashable, Sendable {
  /// Whether no two customers may have one e-mail address.
  package var uniqueEmail = false

  /// How long past changes are kept, in microseconds; `nil` = for ever.
  package var historyRetention: Int64?

  /// Creates the rules of a store for which nobody set any.
  package init() {}
}
