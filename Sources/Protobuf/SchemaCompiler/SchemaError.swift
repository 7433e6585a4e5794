/// A place in a schema's text.
package struct SourceLocation: Hashable, Comparable, Sendable {
  /// The line, from 1.
  package var line: Int

  /// The column in Unicode scalars, from 1; a tab is one.
  package var column: Int

  /// The first character of a file.
  static let start = SourceLocation(line: 1, column: 1)

  /// Orders places as they follow each other in a file.
  package static func < (left: Self, right: Self) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// One thing that is wrong with a schema, and where.
package struct SchemaError: Error, Hashable, Sendable {
  /// The file's path as an import names it.
  package var path: String

  /// Where the offending word begins.
  package var location: SourceLocation

  /// What is wrong with what.
  package var what: String
}

extension SchemaError: CustomStringConvertible {
  package var description: String {
    "\(path):\(location.line):\(location.column): error: \(what)"
  }
}

/// All that is wrong with the schemas of one run.
package struct SchemaErrors: Error, Hashable, Sendable {
  /// How many errors of one file are kept; whoever has more learns nothing from the rest.
  static let perFileMax = 100

  /// How many are collected before the first are chosen by place; it bounds the memory.
  static let collectedMax = 10_000

  /// The errors, by file in the order the files were read, then by place.
  package var errors: [SchemaError]
}

extension SchemaErrors: CustomStringConvertible {
  package var description: String {
    errors.map(\.description).joined(separator: "\n")
  }
}

/// Collects what is wrong with one file.
struct Diagnostics {
  /// The file's path as an import names it.
  let path: String

  /// What was reported so far, in the order of discovery.
  private(set) var errors: [SchemaError] = []

  init(path: String) { self.path = path }

  /// Reports one error.
  mutating func report(_ what: String, at location: SourceLocation) {
    // Whether there are errors decides what goes on, so the first is never dropped.
    guard errors.count < SchemaErrors.collectedMax else { return }
    errors.append(SchemaError(path: path, location: location, what: what))
  }

  /// The errors by place; of those at one place the first reported is first.
  var sorted: [SchemaError] {
    let ordered = errors.enumerated().sorted {
      ($0.element.location, $0.offset) < ($1.element.location, $1.offset)
    }
    return ordered.prefix(SchemaErrors.perFileMax).map(\.element)
  }
}
