import CustomerModel

/// The text of a file of rejected rows: what was read, and why it was refused.
///
/// A table keeps its columns, in front of `_row,_field,_reason`; JSON becomes one object a line
/// with these three members in front. Either can be corrected and imported again as it is.
package struct RejectedRows {
  private let writer: CSVWriter
  private let columns: [Int]
  private let header: [String]
  private var hasHeader = false

  /// Creates the text for a table's rows, or for JSON if there is no header.
  package init(header: [String], delimiter: Unicode.Scalar) {
    writer = CSVWriter(delimiter: delimiter)
    self.header = header
    columns = header.indices.filter { !ColumnMapping.reportColumns.contains(header[$0]) }
  }

  /// The lines for a row; the first have the heads above them.
  package mutating func lines(for row: ImportRow, problems: [FieldError]) -> String {
    let field = problems.map(\.field).filter { !$0.isEmpty }.joined(separator: "; ")
    let reason = problems.map(\.reason).joined(separator: "; ")
    let report = ["\(row.number)", field, reason]
    switch row.original {
    case .cells(let cells, let givenEmpty):
      var text = ""
      if !hasHeader {
        text = writer.line(columns.map { header[$0] } + ColumnMapping.reportColumns)
        hasHeader = true
      }
      // Cells too many stand behind the reason: nothing of the row gets lost.
      let kept = columns + Array(cells.indices.dropFirst(header.count))
      var line = kept.map { place -> String? in
        let cell = place < cells.count ? trimmed(cells[place]) : ""
        return cell.isEmpty && !givenEmpty.contains(place) ? nil : cell
      }
      line.insert(contentsOf: report.map { $0.isEmpty ? nil : $0 }, at: columns.count)
      return text + writer.record(line)
    case .json(let bytes):
      return Self.object(bytes, report)
    }
  }

  private static func object(_ bytes: [UInt8], _ report: [String]) -> String {
    var members = zip(ColumnMapping.reportColumns, report).map { name, value in
      "\"\(name)\":" + (name == "_row" ? value : JSONString.quoted(value))
    }
    guard CustomerJSON.isObject(bytes) else {
      members.append("\"_text\":" + JSONString.quoted(String(decoding: bytes, as: UTF8.self)))
      return "{" + members.joined(separator: ",") + "}\n"
    }
    let object = JSONMembers.object(bytes, without: ColumnMapping.reportColumns, adding: members)
    return String(decoding: object, as: UTF8.self) + "\n"
  }
}

/// A text as JSON writes it.
package enum JSONString {
  /// The text between quotes, with escapes where JSON wants them.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += #"\""#
      case "\\": result += #"\\"#
      case "\n": result += #"\n"#
      case "\t": result += #"\t"#
      case "\r": result += #"\r"#
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
