/// Text that grows by lines, indented by the blocks around them.
struct CodePrinter {
  /// The longest line that the style allows, in columns.
  static let lineWidth = 100

  /// The text so far; every line ends in a line feed.
  private(set) var text = ""

  private var depth = 0

  /// The columns that a line has left behind its indentation.
  var width: Int { Self.lineWidth - 2 * depth }

  /// Adds a line.
  mutating func line(_ line: String) {
    text += String(repeating: "  ", count: depth) + line + "\n"
  }

  /// Adds an empty line.
  mutating func blank() { text += "\n" }

  /// Adds lines that stand further in.
  mutating func indented(_ body: (inout CodePrinter) -> Void) {
    depth += 1
    body(&self)
    depth -= 1
  }

  /// Adds a head, lines further in, and a closing brace.
  mutating func block(_ head: String, _ body: (inout CodePrinter) -> Void) {
    line(head + " {")
    indented(body)
    line("}")
  }

  /// Adds a call or declaration: on one line if it fits, else with an argument a line.
  mutating func list(
    _ head: String,
    _ brackets: String,
    _ items: [String],
    _ tail: String
  ) {
    let (open, close) = (String(brackets.prefix(1)), String(brackets.suffix(1)))
    let single = head + open + items.joined(separator: ", ") + close + tail
    if single.unicodeScalars.count <= width {
      line(single)
      return
    }
    line(head + open)
    indented { printer in
      for (index, item) in items.enumerated() {
        // A list ends in a comma, arguments don't.
        let comma = index + 1 < items.count || open == "[" ? "," : ""
        if item.unicodeScalars.count < printer.width {
          printer.line(item + comma)
        } else {
          // An entry of a dictionary too long for a line is divided behind its key.
          let parts = item.split(separator: ": ", maxSplits: 1)
          printer.line(parts[0] + (parts.count > 1 ? ":" : comma))
          if parts.count > 1 { printer.indented { $0.line(parts[1] + comma) } }
        }
      }
    }
    line(close + tail)
  }
}
