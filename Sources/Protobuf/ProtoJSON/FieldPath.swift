/// The way from a message to a value inside it, such as `phones[0].type` or `attributes["a b"]`.
///
/// Built from its end, while an error passes outwards: a path costs nothing until there is one.
package struct FieldPath: Hashable, Sendable {
  private var components: [Component] = []

  private enum Component: Hashable, Sendable {
    case member(String)
    case element(Int)
  }

  /// Whether the path is the message itself.
  package var isEmpty: Bool { components.isEmpty }

  mutating func enter(member name: String) { components.append(.member(name)) }

  mutating func enter(element index: Int) { components.append(.element(index)) }
}

extension FieldPath: CustomStringConvertible {
  package var description: String {
    var text = ""
    for component in components.reversed() {
      switch component {
      case .element(let index): text += "[\(index)]"
      case .member(let name) where Self.isPlain(name): text += text.isEmpty ? name : "." + name
      case .member(let name): text += "[" + Excerpt.quoted(name) + "]"
      }
    }
    return text
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= Excerpt.lengthMax
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}

/// Pieces of input as error texts show them: short, on one line, without control characters.
enum Excerpt {
  /// The longest piece that is shown whole, in Unicode code points.
  static let lengthMax = 60

  /// The text in JSON's quotes and escapes, cut where it is too long.
  static func quoted(_ text: String) -> String {
    var json = JSONText(layout: .compact)
    json.string(cut(text))
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// The text, cut where it is too long.
  static func cut(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard
      let end = scalars.index(scalars.startIndex, offsetBy: lengthMax, limitedBy: scalars.endIndex),
      end != scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
  }
}
