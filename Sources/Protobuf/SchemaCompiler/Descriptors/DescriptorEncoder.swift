/// Encodes a file as a `google.protobuf.FileDescriptorProto`, byte for byte as protoc does.
///
/// The compiler makes the code that encodes messages, so it can't use it: this is the little of
/// the wire format that descriptors need. Field numbers are those of `descriptor.proto`.
struct DescriptorEncoder {
  private var bytes: [UInt8] = []

  // MARK: The wire format

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func number(_ field: UInt32, _ value: Int32) {
    varint(UInt64(field) << 3)
    varint(UInt64(bitPattern: Int64(value)))
  }

  private mutating func flag(_ field: UInt32, _ value: Bool) {
    number(field, value ? 1 : 0)
  }

  private mutating func string(_ field: UInt32, _ value: String) {
    lengthDelimited(field, Array(value.utf8))
  }

  private mutating func lengthDelimited(_ field: UInt32, _ value: [UInt8]) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  private mutating func message(_ field: UInt32, _ write: (inout DescriptorEncoder) -> Void) {
    var inner = DescriptorEncoder()
    write(&inner)
    lengthDelimited(field, inner.bytes)
  }

  // MARK: Descriptors

  /// Returns the encoded descriptor of a file, without source information.
  static func encode(_ file: FileDescriptor) -> [UInt8] {
    var encoder = DescriptorEncoder()
    encoder.write(file)
    return encoder.bytes
  }

  /// Returns the encoded `FileDescriptorSet` of files.
  static func encodeSet(_ files: [FileDescriptor]) -> [UInt8] {
    var encoder = DescriptorEncoder()
    for file in files { encoder.lengthDelimited(1, encode(file)) }
    return encoder.bytes
  }

  private mutating func write(_ file: FileDescriptor) {
    string(1, file.path)
    if !file.package.isEmpty { string(2, file.package) }
    for path in file.dependencies { string(3, path) }
    for item in file.messages { message(4) { $0.write(item) } }
    for item in file.enums { message(5) { $0.write(item) } }
    for item in file.services { message(6) { $0.write(item) } }
    write(file.options, 8)
    for index in file.publicDependencies { number(10, Int32(truncatingIfNeeded: index)) }
    string(12, "proto3")
  }

  private mutating func write(_ descriptor: MessageDescriptor) {
    string(1, descriptor.name)
    for field in descriptor.fields { message(2) { $0.write(field) } }
    for item in descriptor.messages { message(3) { $0.write(item) } }
    for item in descriptor.enums { message(4) { $0.write(item) } }
    write(descriptor.options, 7)
    for oneof in descriptor.oneofs { message(8) { $0.string(1, oneof.name) } }
    for range in descriptor.reservedRanges {
      message(9) { encoder in
        encoder.number(1, range.lowerBound)
        // A message's ranges are stored with their end outside.
        encoder.number(2, range.upperBound &+ 1)
      }
    }
    for name in descriptor.reservedNames { string(10, name) }
  }

  private mutating func write(_ field: FieldDescriptor) {
    string(1, field.name)
    number(3, field.number)
    number(4, field.isRepeated ? 3 : 1)
    switch field.type {
    case .scalar(let scalar): number(5, scalar.descriptorNumber)
    case .message(let name), .map(entry: let name):
      number(5, 11)
      string(6, "." + name)
    case .enumeration(let name):
      number(5, 14)
      string(6, "." + name)
    }
    write(field.options, 8)
    if let index = field.oneofIndex { number(9, Int32(truncatingIfNeeded: index)) }
    string(10, field.jsonName)
    if field.isOptional { flag(17, true) }
  }

  private mutating func write(_ enumeration: EnumDescriptor) {
    string(1, enumeration.name)
    for value in enumeration.values {
      message(2) { encoder in
        encoder.string(1, value.name)
        encoder.number(2, value.number)
        encoder.write(value.options, 3)
      }
    }
    write(enumeration.options, 3)
    for range in enumeration.reservedRanges {
      message(4) { encoder in
        encoder.number(1, range.lowerBound)
        encoder.number(2, range.upperBound)
      }
    }
    for name in enumeration.reservedNames { string(5, name) }
  }

  private mutating func write(_ service: ServiceDescriptor) {
    string(1, service.name)
    for method in service.methods {
      message(2) { encoder in
        encoder.string(1, method.name)
        encoder.string(2, "." + method.input)
        encoder.string(3, "." + method.output)
        encoder.write(method.options, 4)
        if method.clientStreams { encoder.flag(5, true) }
        if method.serverStreams { encoder.flag(6, true) }
      }
    }
    write(service.options, 3)
  }

  private mutating func write(_ options: OptionValues, _ field: UInt32) {
    if options.entries.isEmpty, !options.hasBlock { return }
    message(field) { encoder in
      for entry in options.entries {
        switch entry.value {
        case .bool(let value): encoder.flag(entry.number, value)
        case .number(let value): encoder.number(entry.number, value)
        case .string(let value): encoder.lengthDelimited(entry.number, value)
        }
      }
    }
  }
}

extension ScalarType {
  /// The type's number in `FieldDescriptorProto.Type`.
  fileprivate var descriptorNumber: Int32 {
    switch self {
    case .double: 1
    case .float: 2
    case .int64: 3
    case .uint64: 4
    case .int32: 5
    case .fixed64: 6
    case .fixed32: 7
    case .bool: 8
    case .string: 9
    case .bytes: 12
    case .uint32: 13
    case .sfixed32: 15
    case .sfixed64: 16
    case .sint32: 17
    case .sint64: 18
    }
  }
}

extension FileDescriptor {
  /// The encoded `google.protobuf.FileDescriptorProto`, without source information.
  package var encoded: [UInt8] { DescriptorEncoder.encode(self) }
}

extension LinkedSchema {
  /// All files as a `google.protobuf.FileDescriptorSet`, as `protoc --descriptor_set_out` with
  /// `--include_imports` writes it.
  package var encodedSet: [UInt8] { DescriptorEncoder.encodeSet(files) }
}
