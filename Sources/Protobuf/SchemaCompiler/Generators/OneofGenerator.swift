/// Makes the code of one oneof: an enumeration and an optional property that holds it.
struct OneofGenerator {
  let oneof: OneofDescriptor

  /// The enumeration's name.
  let typeName: String

  /// The property's name, without backticks.
  let name: String

  init(_ oneof: OneofDescriptor, _ typeName: String) {
    self.oneof = oneof
    self.typeName = typeName
    name = SwiftNames.property(oneof.name)
  }

  /// The property as code names it.
  var escapedName: String { SwiftNames.escaped(name) }

  /// The property inside a function with locals of these names.
  func reference(avoiding locals: Set<String>) -> String {
    locals.contains(name) ? "self." + name : escapedName
  }

  /// Adds the property.
  func printProperty(to printer: inout CodePrinter, _ context: GeneratorContext) {
    DocComment(oneof.comment, fallback: "The field of `\(oneof.name)` that is set.")
      .print(to: &printer)
    printer.line("\(context.modifier)var \(escapedName): \(typeName)?")
  }

  /// Adds the enumeration.
  func printType(
    to printer: inout CodePrinter,
    _ members: [FieldGenerator],
    _ context: GeneratorContext
  ) {
    DocComment(oneof.comment, fallback: "What `\(oneof.name)` can hold.").print(to: &printer)
    let allIndirect = members.allSatisfy(\.isRecursive)
    let head = (allIndirect ? "indirect " : "") + "enum \(typeName): Hashable, Sendable"
    printer.block(context.modifier + head) { printer in
      for (index, member) in members.enumerated() {
        if index > 0 { printer.blank() }
        DocComment(
          member.field.comment,
          fallback: "The field `\(member.field.name)`.",
          isDeprecated: member.field.options.isDeprecated
        ).print(to: &printer)
        let prefix = member.isRecursive && !allIndirect ? "indirect " : ""
        printer.line("\(prefix)case \(member.escapedName)(\(member.propertyType))")
      }
    }
  }

  /// Adds a statement for each member that is set; all members in one `switch`, where their
  /// numbers follow each other.
  static func printMembers(
    _ members: [FieldGenerator],
    ofAll count: Int,
    of property: String,
    to printer: inout CodePrinter,
    _ statement: (FieldGenerator) -> String
  ) {
    if members.count == count, count > 1 {
      printer.line("switch \(property) {")
      for member in members {
        printer.line("case .\(member.escapedName)(let value): \(statement(member))")
      }
      printer.line("case nil: break")
      printer.line("}")
      return
    }
    for member in members {
      printer.line(
        "if case .\(member.escapedName)(let value) = \(property) { \(statement(member)) }"
      )
    }
  }
}
