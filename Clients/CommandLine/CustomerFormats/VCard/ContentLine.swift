/// A line of a vCard: a property's name, its parameters and its value (RFC 6350, 3.3).
package struct ContentLine {
  /// The longest line, in octets without its end (RFC 6350, 3.2).
  static let octetsMax = 75

  /// The property's name.
  var name: String

  /// Names and values, in order; the values are text that isn't escaped yet.
  var parameters: [(name: String, value: String)] = []

  /// The value as it is written.
  var value: String

  /// Creates a line whose value stands as it is.
  init(_ name: String, _ parameters: [(name: String, value: String)] = [], verbatim value: String) {
    self.name = name
    self.parameters = parameters
    self.value = value
  }

  /// Creates a line whose value is a text.
  init(_ name: String, _ parameters: [(name: String, value: String)] = [], text: String) {
    self.init(name, parameters, verbatim: Self.escaped(text))
  }

  /// Creates a line whose value is a structure: components, each a list of texts.
  init(
    _ name: String,
    _ parameters: [(name: String, value: String)] = [],
    components: [[String]]
  ) {
    let value = components.map { $0.map(Self.escaped).joined(separator: ",") }
      .joined(separator: ";")
    self.init(name, parameters, verbatim: value)
  }

  /// The line with its end, cut so that no piece is longer than ``octetsMax`` and no character of
  /// UTF-8 is cut through; each piece but the first has a space in front.
  package var folded: String {
    let head = ([name] + parameters.map { "\($0.name)=\(Self.parameterValue($0.value))" })
      .joined(separator: ";")
    var text = ""
    var octets = 0
    for scalar in "\(head):\(value)".unicodeScalars {
      let length = scalar.utf8.count
      if octets + length > Self.octetsMax {
        text += "\r\n "
        octets = 1
      }
      text.unicodeScalars.append(scalar)
      octets += length
    }
    return text + "\r\n"
  }

  /// A text as a value has it (RFC 6350, 3.4): commas, semicolons and backslashes get a backslash,
  /// a line end becomes `\n`; other controls may stand in no vCard and are left out.
  static func escaped(_ text: String) -> String {
    var result = ""
    var follows: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", ",", ";":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case "\n" where follows == "\r": break
      case "\n", "\r": result += "\\n"
      case _ where isControl(scalar): break
      default: result.unicodeScalars.append(scalar)
      }
      follows = scalar
    }
    return result
  }

  /// A text as a parameter has it: in quotes unless it is a word, with RFC 6868's `^'`, `^n` and
  /// `^^` for what may not stand in quotes.
  private static func parameterValue(_ text: String) -> String {
    let isWord = text.unicodeScalars.allSatisfy { scalar in
      scalar == "-" || (scalar.isASCII && (scalar.properties.isAlphabetic || isDigit(scalar)))
    }
    if isWord, !text.isEmpty { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "^": result += "^^"
      case "\"": result += "^'"
      case "\n": result += "^n"
      case _ where isControl(scalar): break
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "\t" && (scalar.value < 0x20 || scalar.value == 0x7F)
  }
}
