import ProtoWire

@testable import SchemaCompiler

/// Prints messages as protoc's `--decode` does.
///
/// It looks at a message from outside, through `Mirror`: stored properties stand in the order of
/// the schema's fields, so nothing here rests on how the code under test reads or writes.
struct TextFormat {
  let schema: LinkedSchema
  private(set) var text = ""
  private var depth = 0

  init(_ schema: LinkedSchema) { self.schema = schema }

  /// Returns the text of a message.
  static func text(of message: some WireMessage, _ schema: LinkedSchema) -> String {
    var printer = TextFormat(schema)
    printer.fields(of: message, type(of: message).messageName)
    return printer.text
  }

  private mutating func line(_ line: String) {
    text += String(repeating: "  ", count: depth) + line + "\n"
  }

  private mutating func fields(of message: Any, _ name: String) {
    guard let descriptor = schema.messages[name] else { return }
    var properties = Mirror(reflecting: message).children.map(\.value)[...]
    var found: [(FieldDescriptor, Any)] = []
    var oneofs: Set<Int> = []
    for field in descriptor.fields {
      if let index = field.oneofIndex, !field.isOptional {
        // The oneof's property stands where its first field does.
        guard oneofs.insert(index).inserted, let value = properties.popFirst() else { continue }
        let members = descriptor.fields.filter { $0.oneofIndex == index && !$0.isOptional }
        if let member = Self.member(of: value, members) { found.append(member) }
      } else if let value = properties.popFirst() {
        found.append((field, value))
      }
    }
    for (field, value) in found.sorted(by: { $0.0.number < $1.0.number }) {
      property(field, value)
    }
  }

  /// The field of a oneof that is set, by the name of the case.
  private static func member(
    of value: Any,
    _ fields: [FieldDescriptor]
  ) -> (FieldDescriptor, Any)? {
    guard let choice = unwrapped(value),
      let child = Mirror(reflecting: choice).children.first, let label = child.label
    else { return nil }
    let plain = { (name: String) in name.filter { $0 != "_" }.lowercased() }
    return fields.first { [plain($0.name), plain($0.name) + "value"].contains(plain(label)) }
      .map { ($0, child.value) }
  }

  private static func unwrapped(_ value: Any) -> Any? {
    let mirror = Mirror(reflecting: value)
    return mirror.displayStyle == .optional ? mirror.children.first?.value : value
  }

  private mutating func property(_ field: FieldDescriptor, _ value: Any) {
    guard let value = Self.unwrapped(value) else { return }
    if case .map(let entry) = field.type {
      let entries = Mirror(reflecting: value).children.first { $0.label == "entries" }?.value
      for item in Mirror(reflecting: entries ?? []).children {
        let parts = Mirror(reflecting: item.value).children.map(\.value)
        let types = schema.messages[entry]?.fields ?? []
        line(field.name + " {")
        depth += 1
        for (type, part) in zip(types, parts) { one(type, part) }
        depth -= 1
        line("}")
      }
    } else if field.isRepeated {
      for item in Mirror(reflecting: value).children { one(field, item.value) }
    } else if hasPresence(field) || !Self.isDefault(value) {
      one(field, value)
    }
  }

  private func hasPresence(_ field: FieldDescriptor) -> Bool {
    if case .message = field.type { return true }
    return field.oneofIndex != nil
  }

  private static func isDefault(_ value: Any) -> Bool {
    switch value {
    case let value as Double: value.bitPattern == 0
    case let value as Float: value.bitPattern == 0
    case let value as any BinaryInteger: Int64(truncatingIfNeeded: value) == 0
    case let value as Bool: !value
    case let value as String: value.utf8.isEmpty
    case let value as [UInt8]: value.isEmpty
    case let value as any WireEnum: value.rawValue == 0
    default: false
    }
  }

  private mutating func one(_ field: FieldDescriptor, _ value: Any) {
    switch field.type {
    case .message(let name):
      var message = value
      // A boxed message: the box's only child is the message.
      if Mirror(reflecting: value).displayStyle == .enum,
        let boxed = Mirror(reflecting: value).children.first?.value
      {
        message = boxed
      }
      line(field.name + " {")
      depth += 1
      fields(of: message, name)
      depth -= 1
      line("}")
    case .enumeration(let name):
      let number = (value as? any WireEnum)?.rawValue ?? 0
      let known = schema.enums[name]?.values.first { $0.number == number }?.name
      line("\(field.name): \(known ?? String(number))")
    case .scalar, .map:
      line("\(field.name): \(Self.scalar(value))")
    }
  }

  private static func scalar(_ value: Any) -> String {
    switch value {
    case let value as Double: number(value)
    case let value as Float: number(Double(value))
    case let value as String: quoted(value.utf8)
    case let value as [UInt8]: quoted(value)
    default: "\(value)"
    }
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func quoted(_ bytes: some Sequence<UInt8>) -> String {
    let special: [UInt8: String] = [
      10: "\\n", 13: "\\r", 9: "\\t", 34: "\\\"", 39: "\\'", 92: "\\\\",
    ]
    var text = "\""
    for byte in bytes {
      if let escape = special[byte] {
        text += escape
      } else if byte < 0x20 || byte >= 0x7F {
        let digits = String(byte, radix: 8)
        text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      } else {
        text.append(Character(Unicode.Scalar(byte)))
      }
    }
    return text + "\""
  }
}
