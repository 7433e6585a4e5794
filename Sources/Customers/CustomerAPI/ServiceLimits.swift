/// How much a call asks for and gets: `Schema/customers.proto` has the numbers beside each field.
package enum ServiceLimits {
  /// The customers of a page where the request doesn't say.
  package static let pageSizeDefault = 100

  /// The most customers of a page.
  package static let pageSizeMax = 1000

  /// The most customers that a search finds where the request doesn't say.
  package static let searchLimitDefault = 20

  /// The most customers that a search finds.
  package static let searchLimitMax = 100

  /// The most ids of a batch.
  package static let batchIDsMax = 1000
}
