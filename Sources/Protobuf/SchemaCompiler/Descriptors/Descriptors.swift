// What a schema says, every name looked up and every rule checked.

/// One file.
package struct FileDescriptor: Sendable {
  /// The path as an import names it.
  package var path: String

  /// The package, or the empty string.
  var package: String

  /// The paths of the imported files, as they are written.
  var dependencies: [String] = []

  /// The positions among ``dependencies`` of those that are passed on.
  var publicDependencies: [Int] = []

  var messages: [MessageDescriptor] = []
  var enums: [EnumDescriptor] = []
  var services: [ServiceDescriptor] = []
  var options = OptionValues()
}

/// A message.
struct MessageDescriptor: Sendable {
  var name: String
  var fullName: String
  var comment: String?
  var fields: [FieldDescriptor] = []
  var messages: [MessageDescriptor] = []
  var enums: [EnumDescriptor] = []

  /// The oneofs as they are written, then one for each `optional` field.
  var oneofs: [OneofDescriptor] = []

  /// The reserved numbers, both ends in it.
  var reservedRanges: [ClosedRange<Int32>] = []
  var reservedNames: [String] = []
  var options = OptionValues()

  /// Whether it is the entry of a map field.
  var isMapEntry = false

  /// The oneofs as they are written.
  var realOneofs: ArraySlice<OneofDescriptor> { oneofs.prefix { !$0.isSynthetic } }
}

/// A field.
struct FieldDescriptor: Sendable {
  var name: String
  var comment: String?
  var number: Int32
  var type: FieldType
  var jsonName: String
  var isRepeated = false

  /// Whether the field was written with `optional`.
  var isOptional = false

  /// The position of its oneof in the message; an `optional` field has one of its own.
  var oneofIndex: Int?

  /// Whether the elements stand in one length-delimited field.
  var isPacked = false

  var options = OptionValues()
}

/// What a field holds.
enum FieldType: Sendable {
  case scalar(ScalarType)

  /// A message of this full name.
  case message(String)

  /// An enumeration of this full name.
  case enumeration(String)

  /// A map; its entry message has this full name.
  case map(entry: String)
}

/// A oneof.
struct OneofDescriptor: Sendable {
  var name: String
  var comment: String?

  /// Whether it only stands for an `optional` field.
  var isSynthetic = false
}

/// An enumeration.
struct EnumDescriptor: Sendable {
  var name: String
  var fullName: String
  var comment: String?
  var values: [EnumValueDescriptor] = []
  var reservedRanges: [ClosedRange<Int32>] = []
  var reservedNames: [String] = []
  var options = OptionValues()
}

/// A value of an enumeration.
struct EnumValueDescriptor: Sendable {
  var name: String
  var comment: String?
  var number: Int32
  var options = OptionValues()
}

/// A service.
struct ServiceDescriptor: Sendable {
  var name: String
  var fullName: String
  var comment: String?
  var methods: [MethodDescriptor] = []
  var options = OptionValues()
}

/// A method of a service.
struct MethodDescriptor: Sendable {
  var name: String
  var comment: String?

  /// The full name of the request message.
  var input: String

  /// The full name of the response message.
  var output: String

  var clientStreams: Bool
  var serverStreams: Bool
  var options = OptionValues()
}

/// The options that are set, ascending by their number.
struct OptionValues: Sendable {
  /// What an option is set to, as its message in `descriptor.proto` stores it.
  enum Value: Hashable, Sendable {
    case bool(Bool)
    case number(Int32)
    case string([UInt8])
  }

  /// An option: its name, its number and its value.
  struct Entry: Sendable {
    var name: String
    var number: UInt32
    var value: Value
  }

  private(set) var entries: [Entry] = []

  /// Whether they are written though none is set, as protoc does for a method with a block.
  var hasBlock = false

  /// Sets an option.
  mutating func set(_ name: String, _ number: UInt32, _ value: Value) {
    let index = entries.firstIndex { $0.number > number } ?? entries.endIndex
    entries.insert(Entry(name: name, number: number, value: value), at: index)
  }

  /// The value of an option that is set.
  subscript(name: String) -> Value? { entries.first { $0.name == name }?.value }

  /// Whether an option is set to true.
  func isTrue(_ name: String) -> Bool { self[name] == .bool(true) }

  /// Whether what carries the options shouldn't be used any more.
  var isDeprecated: Bool { isTrue("deprecated") }
}
