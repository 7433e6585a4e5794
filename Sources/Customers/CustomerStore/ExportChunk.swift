/// A part of an export.
package struct ExportChunk: Sendable {
  /// The customers, in the order in which they came to be.
  package internal(set) var records: RecordBatch

  /// Where the export goes on; `nil` if this was the last chunk.
  package internal(set) var next: ExportPosition?
}

/// How far an export has come.
package struct ExportPosition: Hashable, Sendable {
  /// The sequence number whose state is exported; what comes after it, a watch from here shows.
  package let sequence: Int64

  /// Customers up to this row have been exported.
  let row: Int64
}
