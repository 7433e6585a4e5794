/// Makes the code of an enumeration: a number with names, which keeps numbers without one.
struct EnumGenerator {
  let enumeration: EnumDescriptor
  let context: GeneratorContext

  /// Adds the type.
  func print(to printer: inout CodePrinter) {
    let access = context.modifier
    DocComment(
      enumeration.comment,
      fallback: "The schema's `\(enumeration.fullName)`.",
      isDeprecated: enumeration.options.isDeprecated
    ).print(to: &printer)
    let name = SwiftNames.escaped(context.names.name(of: enumeration.fullName))
    printer.block("\(access)struct \(name): WireEnum") { printer in
      printer.line("/// The number on the wire.")
      printer.line("\(access)var rawValue: Int32")
      if context.options.visibility != .internal {
        // Swift's own initializer is seen in the module only.
        printer.blank()
        printer.line("/// Creates a value of any number, named or not.")
        printer.line("\(access)init(rawValue: Int32) { self.rawValue = rawValue }")
      }
      var taken: Set<String> = []
      for value in enumeration.values {
        let name = SwiftNames.enumValue(value.name, in: enumeration.name)
        // Two spellings of one number may have the same name in Swift.
        guard taken.insert(name).inserted else { continue }
        printer.blank()
        DocComment(
          value.comment,
          fallback: "The value `\(value.name)`.",
          isDeprecated: value.options.isDeprecated
        ).print(to: &printer)
        printer.line(
          "\(access)static let \(SwiftNames.escaped(name)) = "
            + "Self(rawValue: \(SwiftNames.literal(Int64(value.number))))"
        )
      }
    }
  }
}
