/// How JSON is written.
package struct JSONWriteOptions: Hashable, Sendable {
  /// How members and elements are laid out.
  package enum Layout: Hashable, Sendable {
    /// All on one line and without spaces, as a line of NDJSON is.
    case compact

    /// One member or element a line, indented by two spaces.
    case pretty
  }

  /// How members and elements are laid out.
  package var layout: Layout

  /// Whether fields that can't be told from unset ones are written at their default too: numbers,
  /// strings, enumerations, lists and maps outside `oneof` and without `optional`.
  package var writesFieldsWithoutPresence: Bool

  /// Creates options.
  package init(_ layout: Layout = .compact, writesFieldsWithoutPresence: Bool = true) {
    self.layout = layout
    self.writesFieldsWithoutPresence = writesFieldsWithoutPresence
  }
}

/// How JSON is read.
package struct JSONReadOptions: Hashable, Sendable {
  /// Whether members that the schema doesn't name, and enumeration values that it doesn't, are
  /// passed over; otherwise they are errors.
  package var ignoresUnknownFields: Bool

  /// Where in its file or stream the text begins; errors count from there.
  package var start: TextPosition

  /// Creates options.
  package init(ignoresUnknownFields: Bool = false, start: TextPosition = .start) {
    self.ignoresUnknownFields = ignoresUnknownFields
    self.start = start
  }
}

/// A place in a text.
package struct TextPosition: Hashable, Sendable {
  /// The line, from 1.
  package var line: Int

  /// The column, from 1, in Unicode code points.
  package var column: Int

  /// Creates a position.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The first character of a text.
  package static let start = TextPosition(line: 1, column: 1)

  /// Moves over one byte of UTF-8.
  mutating func advance(over byte: UInt8) {
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 1
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }
}

extension TextPosition: CustomStringConvertible {
  package var description: String { "line \(line), column \(column)" }
}
