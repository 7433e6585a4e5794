/// Makes the code of a message: a structure that reads and writes itself.
struct MessageGenerator {
  let message: MessageDescriptor
  let context: GeneratorContext

  /// The full names of the messages around this one, its own last.
  private let scopes: [String]

  private let fields: [FieldGenerator]
  private let oneofs: [OneofGenerator]

  /// Names a message's parts; `outer` are the full names of the messages around it.
  init(_ message: MessageDescriptor, in outer: [String], _ context: GeneratorContext) {
    let scopes = outer + [message.fullName]
    self.message = message
    self.context = context
    self.scopes = scopes
    fields = message.fields.map { FieldGenerator($0, in: scopes, context) }
    oneofs = message.realOneofs.enumerated().map { index, oneof in
      OneofGenerator(oneof, context.names.name(ofOneof: index, in: message.fullName))
    }
  }

  private var fieldsByNumber: [FieldGenerator] {
    fields.sorted { $0.field.number < $1.field.number }
  }

  private func members(of index: Int) -> [FieldGenerator] {
    fields.filter { $0.shape == .member(index) }
  }

  /// Adds the type.
  func print(to printer: inout CodePrinter) {
    DocComment(
      message.comment,
      fallback: "The schema's `\(message.fullName)`.",
      isDeprecated: message.options.isDeprecated
    ).print(to: &printer)
    let name = SwiftNames.escaped(context.names.name(of: message.fullName))
    printer.block("\(context.modifier)struct \(name): WireMessage") { printer in
      printProperties(&printer)
      printInitializers(&printer)
      printNestedTypes(&printer)
      printer.blank()
      printer.line("/// The message's full name in its schema.")
      printer.line("\(context.modifier)static let messageName = \"\(message.fullName)\"")
      printer.blank()
      let file = SwiftNames.schema(of: context.schema.paths[message.fullName] ?? "")
      printer.line("/// The file that describes the message.")
      printer.line("\(context.modifier)static var schema: SchemaFile { \(file).file }")
      printer.blank()
      printMerge(&printer)
      printer.blank()
      printSize(&printer)
      printer.blank()
      printWrite(&printer)
    }
  }

  // MARK: Properties

  private func printProperties(_ printer: inout CodePrinter) {
    var printed: Set<Int> = []
    for field in fields {
      if case .member(let index) = field.shape {
        // The oneof stands where the first of its fields does.
        guard printed.insert(index).inserted else { continue }
        oneofs[index].printProperty(to: &printer, context)
      } else {
        field.printProperty(to: &printer, context)
      }
      printer.blank()
    }
    printer.line("/// The fields that this schema doesn't name.")
    printer.line("\(context.modifier)var unknownFields = UnknownFields()")
    printer.blank()
  }

  private func printInitializers(_ printer: inout CodePrinter) {
    printer.line("/// Creates a message whose fields all have their default.")
    printer.line("\(context.modifier)init() {}")
    if fields.isEmpty { return }
    var parameters: [(name: String, declaration: String)] = []
    var seen: Set<Int> = []
    for field in fields {
      if case .member(let index) = field.shape {
        guard seen.insert(index).inserted else { continue }
        let oneof = oneofs[index]
        parameters.append(
          (oneof.escapedName, "\(oneof.escapedName): \(oneof.typeName)? = nil")
        )
      } else {
        parameters.append(
          (
            field.escapedName,
            "\(field.escapedName): \(field.propertyType) = \(field.defaultValue)"
          )
        )
      }
    }
    printer.blank()
    printer.line("/// Creates a message; what is left out has its default.")
    printer.list("\(context.modifier)init", "()", parameters.map(\.declaration), " {")
    printer.indented { printer in
      for (name, _) in parameters { printer.line("self.\(name) = \(name)") }
    }
    printer.line("}")
  }

  private func printNestedTypes(_ printer: inout CodePrinter) {
    for (index, oneof) in oneofs.enumerated() {
      printer.blank()
      oneof.printType(to: &printer, members(of: index), context)
    }
    for enumeration in message.enums {
      printer.blank()
      EnumGenerator(enumeration: enumeration, context: context).print(to: &printer)
    }
    for nested in message.messages where !nested.isMapEntry {
      printer.blank()
      MessageGenerator(nested, in: scopes, context).print(to: &printer)
    }
  }

  // MARK: Coding

  private func printMerge(_ printer: inout CodePrinter) {
    printer.line("/// Reads fields until the reader's end.")
    let head = "mutating func merge(from reader: inout WireReader) throws(WireError)"
    printer.block(context.modifier + head) { printer in
      printer.block("while case let tag = try reader.nextTag(), tag != 0") { printer in
        printer.line("switch tag {")
        for field in fieldsByNumber { field.printRead(to: &printer, oneofs) }
        printer.line("default: try reader.unknown(tag, &unknownFields)")
        printer.line("}")
      }
      for field in fieldsByNumber where field.shape == .map {
        printer.line("reader.order(&\(field.escapedName))")
      }
    }
  }

  private func printSize(_ printer: inout CodePrinter) {
    printer.line("/// The size of the encoded message, in bytes.")
    printer.block("\(context.modifier)var wireSize: Int") { printer in
      if fields.isEmpty {
        printer.line("unknownFields.wireSize")
        return
      }
      printer.line("var size = unknownFields.wireSize")
      printFields(&printer, locals: ["size", "value"]) { field, value in
        "size &+= " + field.size(value)
      }
      printer.line("return size")
    }
  }

  private func printWrite(_ printer: inout CodePrinter) {
    printer.line("/// Writes the fields in the order of their numbers, then the unknown ones.")
    let head = "borrowing func write(to writer: inout WireWriter)"
    printer.block(context.modifier + head) { printer in
      printFields(&printer, locals: ["writer", "value"]) { field, value in field.write(value) }
      printer.line("writer.unknown(unknownFields)")
    }
  }

  /// Adds a statement for each field, ascending by number.
  private func printFields(
    _ printer: inout CodePrinter,
    locals: Set<String>,
    _ statement: (FieldGenerator, String?) -> String
  ) {
    var rest = fieldsByNumber[...]
    while let field = rest.first {
      guard case .member(let index) = field.shape else {
        printer.line(statement(field, nil))
        rest = rest.dropFirst()
        continue
      }
      let run = rest.prefix { $0.shape == field.shape }
      rest = rest.dropFirst(run.count)
      let property = oneofs[index].reference(avoiding: locals)
      OneofGenerator.printMembers(
        Array(run),
        ofAll: members(of: index).count,
        of: property,
        to: &printer
      ) { statement($0, "value") }
    }
  }
}
