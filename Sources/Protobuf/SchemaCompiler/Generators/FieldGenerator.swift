/// Makes the code of one field.
struct FieldGenerator {
  /// How a field is kept and written.
  enum Shape: Equatable {
    /// One value, left out at its default.
    case implicit

    /// One value or none.
    case optional

    /// One message or none, in a box because it may contain itself.
    case boxed

    case repeated
    case packed
    case map

    /// A member of the oneof at this position.
    case member(Int)
  }

  let field: FieldDescriptor
  let shape: Shape

  /// The property's name, without backticks.
  let name: String

  /// The Swift type of one value.
  let type: String

  /// The coding of one value, such as `.string`.
  let coding: String

  /// Whether one value is a message.
  let isMessage: Bool

  /// Whether the value may contain the message that it is in.
  let isRecursive: Bool

  private let wireType: UInt32

  /// The type of the property or of the oneof's member.
  private(set) var propertyType: String

  /// The default of the property.
  private(set) var defaultValue: String

  /// Names a field's parts; `scopes` are the full names of the messages around it, its own last.
  init(_ field: FieldDescriptor, in scopes: [String], _ context: GeneratorContext) {
    self.field = field
    let value = Self.value(of: field.type, scopes, context)
    (type, coding, wireType) = (value.type, value.coding, value.wireType)
    isMessage = value.isMessage
    if case .message(let target) = field.type, let message = scopes.last {
      isRecursive = context.recursive.areRecursive(message, target)
    } else {
      isRecursive = false
    }
    shape = Self.shape(of: field, isMessage: isMessage, isRecursive: isRecursive)
    let isMember = if case .member = shape { true } else { false }
    name = isMember ? SwiftNames.oneofCase(field.name) : SwiftNames.property(field.name)
    switch shape {
    case .implicit: (propertyType, defaultValue) = (type, value.zero)
    case .optional, .boxed: (propertyType, defaultValue) = (type + "?", "nil")
    case .repeated, .packed: (propertyType, defaultValue) = ("[\(type)]", "[]")
    case .map: (propertyType, defaultValue) = (type, "[:]")
    case .member: (propertyType, defaultValue) = (type, "")
    }
  }

  private static func shape(
    of field: FieldDescriptor,
    isMessage: Bool,
    isRecursive: Bool
  ) -> Shape {
    if case .map = field.type { return .map }
    if field.isRepeated { return field.isPacked ? .packed : .repeated }
    if let index = field.oneofIndex, !field.isOptional { return .member(index) }
    if isRecursive { return .boxed }
    return field.isOptional || isMessage ? .optional : .implicit
  }

  private struct Value {
    var type: String
    var coding: String
    var zero: String
    var wireType: UInt32
    var isMessage = false
  }

  private static func value(
    of type: FieldType,
    _ scopes: [String],
    _ context: GeneratorContext
  ) -> Value {
    switch type {
    case .scalar(let scalar):
      return Value(
        type: scalar.swiftType,
        coding: ".\(scalar.rawValue)",
        zero: scalar.swiftDefault,
        wireType: scalar.wireType
      )
    case .enumeration(let name):
      return Value(
        type: context.names.reference(to: name, from: scopes),
        coding: ".enumeration()",
        zero: "." + context.zeroValue(of: name),
        wireType: 0
      )
    case .message(let name):
      return Value(
        type: context.names.reference(to: name, from: scopes),
        coding: ".message()",
        zero: "nil",
        wireType: 2,
        isMessage: true
      )
    case .map(let entry):
      let fields = context.schema.messages[entry]?.fields ?? []
      let parts = fields.map { value(of: $0.type, scopes, context) }
      return Value(
        type: "WireMap<\(parts.map(\.type).joined(separator: ", "))>",
        coding: parts.map(\.coding).joined(separator: ", "),
        zero: "[:]",
        wireType: 2
      )
    }
  }

  // MARK: Names

  /// The property as code names it.
  var escapedName: String { SwiftNames.escaped(name) }

  /// The stored property: the box of a boxed field.
  var storedName: String { shape == .boxed ? name + "Box" : escapedName }

  /// The field's number and wire type as one number.
  private func tag(_ wireType: UInt32) -> String {
    SwiftNames.literal(Int64(UInt32(field.number) << 3 | wireType))
  }

  /// The stored property inside a function with locals of these names.
  private func reference(avoiding locals: Set<String>) -> String {
    locals.contains(storedName) ? "self." + storedName : storedName
  }

  // MARK: Code

  /// Adds the property.
  func printProperty(to printer: inout CodePrinter, _ context: GeneratorContext) {
    DocComment(
      field.comment,
      fallback: "The field `\(field.name)`.",
      isDeprecated: field.options.isDeprecated
    ).print(to: &printer)
    guard shape == .boxed else {
      let initial = propertyType.hasSuffix("?") ? "" : " = \(defaultValue)"
      printer.line("\(context.modifier)var \(escapedName): \(propertyType)\(initial)")
      return
    }
    printer.block("\(context.modifier)var \(escapedName): \(propertyType)") { printer in
      printer.line("get { \(storedName)?.value }")
      printer.line("set { \(storedName) = newValue.map(Indirect.init) }")
    }
    printer.blank()
    printer.line("private var \(storedName): Indirect<\(type)>?")
  }

  /// Adds the cases that read the field.
  func printRead(to printer: inout CodePrinter, _ oneofs: [OneofGenerator]) {
    let target = reference(avoiding: ["reader", "tag", "value", "earlier"])
    let number = tag(wireType)
    switch shape {
    case .implicit, .optional:
      printer.line("case \(number): try reader.read(\(coding), into: &\(target))")
    case .boxed:
      printer.line("case \(number): try reader.read(.indirect(), into: &\(target))")
    case .map:
      printer.line("case \(number): try reader.insert(\(coding), into: &\(target))")
    case .repeated, .packed:
      printer.line("case \(number): try reader.append(\(coding), \(number), to: &\(target))")
      // A reader takes packed and unpacked whatever the schema says.
      if field.type.isPackable {
        printer.line("case \(tag(2)): try reader.appendPacked(\(coding), to: &\(target))")
      }
    case .member(let index):
      let property = oneofs[index].reference(avoiding: ["reader", "tag", "value", "earlier"])
      guard isMessage else {
        printer.line("case \(number): \(property) = .\(escapedName)(try reader.value(\(coding)))")
        return
      }
      printer.line("case \(number):")
      printer.indented { printer in
        printer.line("var value = \(type)()")
        printer.line("if case .\(escapedName)(let earlier) = \(property) { value = earlier }")
        // Emptied, so that the value is held once and merging doesn't copy what it has.
        printer.line("\(property) = nil")
        printer.line("try reader.read(\(coding), into: &value)")
        printer.line("\(property) = .\(escapedName)(value)")
      }
    }
  }

  /// The size of the field, as an expression.
  func size(_ value: String? = nil) -> String {
    let value = value ?? reference(avoiding: ["size", "value"])
    return switch shape {
    case .implicit, .optional: "WireSize.field(\(tag(wireType)), \(coding), \(value))"
    case .boxed: "WireSize.field(\(tag(wireType)), .indirect(), \(value))"
    case .repeated: "WireSize.repeated(\(tag(wireType)), \(coding), \(value))"
    case .packed: "WireSize.packed(\(tag(2)), \(coding), \(value))"
    case .map: "WireSize.map(\(tag(2)), \(coding), \(value))"
    case .member: "WireSize.present(\(tag(wireType)), \(coding), \(value))"
    }
  }

  /// Writing the field, as a statement.
  func write(_ value: String? = nil) -> String {
    let value = value ?? reference(avoiding: ["writer", "value"])
    return switch shape {
    case .implicit, .optional: "writer.write(\(tag(wireType)), \(coding), \(value))"
    case .boxed: "writer.write(\(tag(wireType)), .indirect(), \(value))"
    case .repeated: "writer.writeRepeated(\(tag(wireType)), \(coding), \(value))"
    case .packed: "writer.writePacked(\(tag(2)), \(coding), \(value))"
    case .map: "writer.writeMap(\(tag(2)), \(coding), \(value))"
    case .member: "writer.writePresent(\(tag(wireType)), \(coding), \(value))"
    }
  }
}
