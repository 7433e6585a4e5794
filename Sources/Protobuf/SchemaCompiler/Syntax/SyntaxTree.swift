// A schema's text as a tree, names not yet looked up.

/// A word and where it stands.
struct Name: Hashable, Sendable {
  /// The word; parts of a path are joined by points.
  var text: String

  /// Where it begins.
  var location: SourceLocation
}

/// One file.
struct FileSyntax: Sendable {
  var path: String
  var package: Name?
  var imports: [ImportSyntax] = []
  var options: [OptionSyntax] = []
  var messages: [MessageSyntax] = []
  var enums: [EnumSyntax] = []
  var services: [ServiceSyntax] = []
}

/// An `import`.
struct ImportSyntax: Sendable {
  var path: String
  var isPublic: Bool
  var location: SourceLocation
}

/// A message, or the entry of a map field.
struct MessageSyntax: Sendable {
  var name: Name
  var comment: String?
  var fields: [FieldSyntax] = []
  var oneofs: [OneofSyntax] = []
  var messages: [MessageSyntax] = []
  var enums: [EnumSyntax] = []
  var reserved = ReservedSyntax()
  var options: [OptionSyntax] = []

  /// Whether the parser made it for a map field.
  var isMapEntry = false
}

/// A field.
struct FieldSyntax: Sendable {
  /// What stands before a field's type.
  enum Label: Sendable {
    case none
    case optional
    case repeated
  }

  var name: Name
  var comment: String?
  var label: Label
  var type: TypeSyntax
  var number: Int32
  var numberLocation: SourceLocation
  var options: [OptionSyntax] = []

  /// The position of its oneof in the message.
  var oneofIndex: Int?
}

/// A field's type as it is written.
enum TypeSyntax: Sendable {
  case scalar(ScalarType)
  case named(Name)

  /// A map; the entry is among the message's nested messages.
  case map(entry: String)
}

/// A oneof.
struct OneofSyntax: Sendable {
  var name: Name
  var comment: String?
  var options: [OptionSyntax] = []
}

/// An enumeration.
struct EnumSyntax: Sendable {
  var name: Name
  var comment: String?
  var values: [EnumValueSyntax] = []
  var reserved = ReservedSyntax()
  var options: [OptionSyntax] = []
}

/// A value of an enumeration.
struct EnumValueSyntax: Sendable {
  var name: Name
  var comment: String?
  var number: Int32
  var numberLocation: SourceLocation
  var options: [OptionSyntax] = []
}

/// The numbers and names that nothing may take again.
struct ReservedSyntax: Sendable {
  /// A range of numbers, both ends in it.
  struct Range: Sendable {
    var first: Int32
    var last: Int32
    var location: SourceLocation
  }

  var ranges: [Range] = []
  var names: [Name] = []
}

/// A service.
struct ServiceSyntax: Sendable {
  var name: Name
  var comment: String?
  var methods: [MethodSyntax] = []
  var options: [OptionSyntax] = []
}

/// A method of a service.
struct MethodSyntax: Sendable {
  var name: Name
  var comment: String?
  var input: Name
  var output: Name
  var clientStreams: Bool
  var serverStreams: Bool
  var options: [OptionSyntax] = []

  /// Whether it ends in a block rather than a `;`.
  var hasBlock = false
}

/// An option with its value.
struct OptionSyntax: Sendable {
  /// What an option is set to.
  enum Value: Sendable {
    case identifier(String)
    case integer(UInt64, isNegative: Bool)
    case float(Double)
    case string([UInt8])

    /// A message in braces; only its form was looked at.
    case aggregate
  }

  /// The name; parts of custom options are in parentheses.
  var name: Name

  /// Whether the name has a part in parentheses, which only the option's own schema can explain.
  var isCustom: Bool

  var value: Value
  var valueLocation: SourceLocation
}

/// The types that the language has by itself.
enum ScalarType: String, CaseIterable, Sendable {
  case double
  case float
  case int32
  case int64
  case uint32
  case uint64
  case sint32
  case sint64
  case fixed32
  case fixed64
  case sfixed32
  case sfixed64
  case bool
  case string
  case bytes
}
