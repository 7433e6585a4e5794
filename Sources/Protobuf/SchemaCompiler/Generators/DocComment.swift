/// A schema's comment as a documentation comment.
///
/// The first sentence becomes the summary, a paragraph of its own; text is filled to the line's
/// width, and what is laid out by hand (lists, indented lines) stays as it is.
struct DocComment {
  private let paragraphs: [String]
  private let isLaidOut: [Bool]

  /// Creates the documentation of a definition.
  ///
  /// - Parameters:
  ///   - comment: What the schema says, lines as they are there.
  ///   - fallback: What is said where the schema says nothing; a sentence.
  ///   - isDeprecated: Whether a last paragraph warns of using it.
  init(_ comment: String?, fallback: String, isDeprecated: Bool = false) {
    var paragraphs: [String] = []
    var isLaidOut: [Bool] = []
    for block in Self.blocks(comment ?? fallback) {
      let laidOut = block.contains { $0.first == " " || $0.hasPrefix("- ") || $0.hasPrefix("* ") }
      if paragraphs.isEmpty {
        let (summary, rest) = Self.summary(of: block.joined(separator: " "))
        paragraphs.append(summary)
        isLaidOut.append(false)
        if rest.isEmpty { continue }
        paragraphs.append(rest)
        isLaidOut.append(false)
      } else {
        paragraphs.append(block.joined(separator: laidOut ? "\n" : " "))
        isLaidOut.append(laidOut)
      }
    }
    if isDeprecated {
      paragraphs.append("Deprecated: the schema keeps it for old programs only.")
      isLaidOut.append(false)
    }
    self.paragraphs = paragraphs
    self.isLaidOut = isLaidOut
  }

  /// Adds the comment above what it documents.
  func print(to printer: inout CodePrinter) {
    for (index, paragraph) in paragraphs.enumerated() {
      if index > 0 { printer.line("///") }
      let lines =
        isLaidOut[index]
        ? paragraph.split(separator: "\n").map(String.init)
        : Self.fill(paragraph, printer.width - 4)
      for line in lines { printer.line("/// " + line) }
    }
  }

  /// The comment's runs of lines without a blank one between them.
  private static func blocks(_ comment: String) -> [[String]] {
    comment.split(separator: "\n", omittingEmptySubsequences: false)
      .map { line in
        // Tabs and other controls would break the layout or the compiler.
        String(String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 0x20 }))
      }
      .split { $0.allSatisfy { $0 == " " } }
      .map(Array.init)
  }

  /// The first sentence, ended by a point, and the rest.
  private static func summary(of text: String) -> (String, String) {
    let trimmed = text.drop { $0 == " " }
    var index = trimmed.startIndex
    while index < trimmed.endIndex {
      let next = trimmed.index(after: index)
      if ".!?".contains(trimmed[index]), next < trimmed.endIndex, trimmed[next] == " " {
        let rest = trimmed[next...].drop { $0 == " " }
        // What goes on in lower case is no new sentence: "e.g. this", "1, 2, 3 ... in order".
        if let first = rest.first, !first.isLowercase {
          return (String(trimmed[..<next]), String(rest))
        }
      }
      index = next
    }
    let ends = trimmed.last.map { ".!?".contains($0) } ?? false
    return (ends ? String(trimmed) : trimmed + ".", "")
  }

  /// Words in lines of at most so many columns.
  private static func fill(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var columns = 0
    for word in text.split(separator: " ") {
      let length = word.unicodeScalars.count
      if !line.isEmpty, columns + 1 + length > width {
        lines.append(line)
        line = ""
        columns = 0
      }
      line += line.isEmpty ? String(word) : " " + word
      columns += length + (columns == 0 ? 0 : 1)
    }
    return lines + [line]
  }
}
