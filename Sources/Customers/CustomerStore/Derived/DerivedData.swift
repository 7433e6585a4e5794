/// Everything in a store that follows from its records: columns, search texts, terms.
enum DerivedData {
  /// The number of the rules by which it is made, kept in the store.
  ///
  /// Whoever changes what ``TextFolding``, ``DerivedColumns`` or ``SearchTerm`` answer raises it: a
  /// store of another number is derived anew when it is opened (``Rebuilder``).
  static let version: Int64 = 4
}
