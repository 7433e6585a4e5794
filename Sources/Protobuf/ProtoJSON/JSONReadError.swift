package import ProtoWire

/// Why a JSON text is no message: what is wrong, with which value, and where it stands.
package struct JSONReadError: Error, Hashable, Sendable {
  /// What is wrong with the text.
  package enum Reason: Hashable, Sendable {
    /// The text ends where something else must follow.
    case endOfText(expected: String)

    /// Something else stands where something must follow.
    case unexpected(found: String, expected: String)

    /// More than white space follows the value.
    case trailing(found: String)

    /// A string that isn't well-formed UTF-8.
    case invalidUTF8

    /// A string with a control character that isn't escaped.
    case controlCharacter(UInt8)

    /// A backslash before something that makes no escape.
    case invalidEscape

    /// An escape of half a surrogate pair, without the other half.
    case loneSurrogate(String)

    /// What begins like a number and is none.
    case invalidNumber(String)

    /// More objects and arrays, or messages, inside each other than allowed.
    case tooDeep(limit: Int)

    /// Two members of one name, or of names that mean one field or key.
    case duplicate(name: String)

    /// A member that is no field of the message.
    case unknownField(name: String, message: String, nearest: [String])

    /// A value of another kind than the field's.
    case wrongKind(found: String, expected: String)

    /// A number with a fraction where a whole one must stand.
    case notWhole(String)

    /// A number that the field's type has no room for.
    case outOfRange(String, type: String)

    /// A name that the enumeration doesn't have.
    case unknownName(String, names: [String])

    /// A string that doesn't stand for a value of the field's type.
    case invalidText(String, expected: String)

    /// A second member of a `oneof`.
    case oneofTwice(name: String, first: String, second: String)

    /// An `Any` without the member that names its type.
    case missingType

    /// An `Any` without the member that holds its value.
    case missingValue(type: String)

    /// An `Any` of a type that isn't in the schema.
    case unknownType(url: String)

    /// An element or a member that is longer than allowed.
    case tooLong(limit: Int)

    /// An object without the member that holds the elements.
    case missingMember(name: String)

    /// The message was read and isn't one for its own type.
    case wire(WireError)
  }

  /// What is wrong.
  package var reason: Reason

  /// The value that it is wrong with; empty for the whole message.
  package var path = FieldPath()

  /// Where in the text.
  package var position: TextPosition

  init(_ reason: Reason, position: TextPosition) {
    self.reason = reason
    self.position = position
  }

  /// Finds the line and column of a fault.
  init(_ fault: JSONFault, text: [UInt8], start: TextPosition) {
    reason = fault.reason
    path = fault.path
    position = start
    for byte in text.prefix(fault.offset) { position.advance(over: byte) }
  }
}

extension JSONReadError: CustomStringConvertible {
  package var description: String {
    path.isEmpty ? "\(position): \(reason.text)" : "\(position): \(path): \(reason.text)"
  }
}

extension JSONReadError.Reason {
  /// The names that an error lists; more are not shown.
  private static let namesMax = 12

  /// The reason in words.
  package var text: String {
    switch self {
    case .endOfText(let expected): "text ends, expected \(expected)"
    case .unexpected(let found, let expected): "expected \(expected), found \(found)"
    case .trailing(let found): "text goes on after its end with \(found)"
    case .invalidUTF8: "string is not well-formed UTF-8"
    case .controlCharacter(let byte):
      "string has control character \(byte) unescaped"
    case .invalidEscape: "backslash begins no escape"
    case .loneSurrogate(let escape): "\(escape) is half of a surrogate pair"
    case .invalidNumber(let text): "\(Excerpt.cut(text)) is no number"
    case .tooDeep(let limit): "values are nested deeper than \(limit)"
    case .duplicate(let name): "\(Excerpt.quoted(name)) is given twice"
    case .unknownField(let name, let message, let nearest):
      "no field \(Excerpt.quoted(name)) in \(message)"
        + (nearest.isEmpty ? "" : ", did you mean " + nearest.joined(separator: " or ") + "?")
    case .wrongKind(let found, let expected): "expected \(expected), found \(found)"
    case .notWhole(let text): "\(Excerpt.cut(text)) is not a whole number"
    case .outOfRange(let text, let type): "\(Excerpt.cut(text)) is out of the range of \(type)"
    case .unknownName(let name, let names):
      "\(Excerpt.quoted(name)) is not one of \(Self.list(names))"
    case .invalidText(let text, let expected): "\(Excerpt.quoted(text)) is not \(expected)"
    case .oneofTwice(let name, let first, let second):
      "\(first) and \(second) are both of '\(name)', which holds one value"
    case .missingType: "an Any needs a member \"@type\""
    case .missingValue(let type): "an Any of \(type) needs a member \"value\""
    case .unknownType(let url): "type \(Excerpt.quoted(url)) is not known"
    case .tooLong(let limit): "value is longer than \(limit) bytes"
    case .missingMember(let name): "object has no member \(Excerpt.quoted(name))"
    case .wire(let error): "\(error)"
    }
  }

  static func list(_ names: [String]) -> String {
    names.prefix(namesMax).joined(separator: ", ") + (names.count > namesMax ? ", …" : "")
  }
}

/// What is wrong with a text, before its line and column are counted.
struct JSONFault: Error {
  var reason: JSONReadError.Reason
  var path = FieldPath()
  /// In bytes from the start of the text.
  var offset: Int

  init(_ reason: JSONReadError.Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// The same fault, seen from the message around.
  func inside(member name: String) -> JSONFault {
    var fault = self
    fault.path.enter(member: name)
    return fault
  }

  /// The same fault, seen from the list around.
  func inside(element index: Int) -> JSONFault {
    var fault = self
    fault.path.enter(element: index)
    return fault
  }
}
