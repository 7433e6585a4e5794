import Arguments
import CustomerModel

/// Why a file can't be imported at all.
package enum ImportError: Error, Equatable {
  /// No line, or one without a name in it.
  case noHeader
  /// The first line is no line of a table.
  case badHeader(String)
  /// A head that stands twice.
  case repeatedColumn(String, first: Int, second: Int)
  /// `--map` names a column that isn't there.
  case noSuchColumn(String, header: [String])
  /// Columns that mean nothing.
  case unknownColumns([String])
  /// Two columns that mean the same by their names.
  case sameField(String, String, field: FieldPath)
  /// More columns of phones than a customer has.
  case tooManyPhones
  /// The file's text is in an encoding other than UTF-8.
  case notUTF8
  /// The file isn't JSON from here on.
  case badJSON(line: Int, column: Int, String)

  /// Whether the command line is what must change, not the file.
  package var isUsage: Bool {
    switch self {
    case .noSuchColumn, .unknownColumns, .sameField, .repeatedColumn, .tooManyPhones: true
    case .noHeader, .badHeader, .notUTF8, .badJSON: false
    }
  }
}

extension ImportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noHeader: "the first line names no columns"
    case .badHeader(let problem): "line 1: \(problem)"
    case .repeatedColumn(let name, let first, let second):
      "column \(Words.quoted(name)) is there twice, as number \(first) and \(second)"
    case .noSuchColumn(let name, let header):
      "--map: no column is called \(Words.quoted(name)); there are \(Self.list(header))"
    case .unknownColumns(let names):
      """
      unknown \(names.count == 1 ? "column" : "columns") \(Self.list(names))
      name the field with --map COLUMN=FIELD, leave a column out with --map COLUMN=, \
      or take them as attributes with --attributes
      """
    case .sameField(let first, let second, let field):
      "columns \(Self.list([first, second])) are both \(field.text): say which with --map"
    case .tooManyPhones: "columns for more than \(PhoneNumber.countMax) phones"
    case .notUTF8: "the file is UTF-16, not UTF-8"
    case .badJSON(let line, let column, let reason): "line \(line), column \(column): \(reason)"
    }
  }

  /// Names in quotes, as many as fit a message.
  private static func list(_ names: [String]) -> String {
    let shown = names.filter { !$0.isEmpty }.prefix(namesMax)
      .map(Words.quoted).joined(separator: ", ")
    return names.count > namesMax ? "\(shown) and \(names.count - namesMax) more" : shown
  }

  /// How many columns a message names.
  private static let namesMax = 30
}
