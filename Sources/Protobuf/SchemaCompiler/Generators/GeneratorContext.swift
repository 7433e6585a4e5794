/// What all generators of one run share.
struct GeneratorContext {
  let schema: LinkedSchema
  let options: GeneratorOptions
  let names: TypeNames
  let recursive: RecursiveMessages

  init(_ schema: LinkedSchema, _ options: GeneratorOptions) {
    self.schema = schema
    self.options = options
    var modules: [String: String] = [:]
    for file in schema.files { modules[file.path] = options.module(of: file.path) }
    names = TypeNames(schema, modules: modules)
    recursive = RecursiveMessages(schema)
  }

  /// What stands in front of a declaration.
  var modifier: String { options.visibility.modifier }

  /// What stands in front of a declaration for this package only.
  var packageModifier: String { options.visibility.packageModifier }

  /// The first value of an enumeration, as code writes it behind the type's name.
  func zeroValue(of enumeration: String) -> String {
    guard let descriptor = schema.enums[enumeration], let first = descriptor.values.first else {
      return "init(rawValue: 0)"
    }
    return SwiftNames.escaped(SwiftNames.enumValue(first.name, in: descriptor.name))
  }
}

extension ScalarType {
  /// The Swift type of a value.
  var swiftType: String {
    switch self {
    case .double: "Double"
    case .float: "Float"
    case .int32, .sint32, .sfixed32: "Int32"
    case .int64, .sint64, .sfixed64: "Int64"
    case .uint32, .fixed32: "UInt32"
    case .uint64, .fixed64: "UInt64"
    case .bool: "Bool"
    case .string: "String"
    case .bytes: "[UInt8]"
    }
  }

  /// The default of a field without presence.
  var swiftDefault: String {
    switch self {
    case .bool: "false"
    case .string: "\"\""
    case .bytes: "[]"
    case .double, .float, .int32, .sint32, .sfixed32, .int64, .sint64, .sfixed64, .uint32,
      .fixed32, .uint64, .fixed64:
      "0"
    }
  }

  /// The wire type of one value, as the low bits of a tag.
  var wireType: UInt32 {
    switch self {
    case .int32, .int64, .uint32, .uint64, .sint32, .sint64, .bool: 0
    case .double, .fixed64, .sfixed64: 1
    case .string, .bytes: 2
    case .float, .fixed32, .sfixed32: 5
    }
  }
}
