internal import ProtoWire

// The parts of `google/protobuf/descriptor.proto` that JSON needs, as they stand on the wire:
// names not yet resolved, nothing checked. Case labels are tags: field number * 8 + wire type.

/// A `FileDescriptorProto`.
struct RawFile {
  var path = ""
  var package = ""
  var messages: [RawMessage] = []
  var enums: [RawEnum] = []
  var services: [RawService] = []
  /// Empty for proto2, which is what protoc leaves out.
  var syntax = ""

  init(decoding bytes: Span<UInt8>) throws(WireError) {
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: path = try reader.string()
      case 18: package = try reader.string()
      case 34:
        let range = try reader.byteRange()
        messages.append(try RawMessage(bytes.extracting(range), depth: WireReader.depthMax))
      case 42:
        let range = try reader.byteRange()
        enums.append(try RawEnum(bytes.extracting(range)))
      case 50:
        let range = try reader.byteRange()
        services.append(try RawService(bytes.extracting(range)))
      case 98: syntax = try reader.string()
      default: try reader.skip(tag)
      }
    }
  }

  /// Reads the files of a `FileDescriptorSet`, which is what `protoc --descriptor_set_out` writes.
  static func files(inSet bytes: Span<UInt8>) throws(WireError) -> [RawFile] {
    var files: [RawFile] = []
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      if tag == 10 {
        let range = try reader.byteRange()
        files.append(try RawFile(decoding: bytes.extracting(range)))
      } else {
        try reader.skip(tag)
      }
    }
    return files
  }
}

/// A `DescriptorProto`.
struct RawMessage {
  var name = ""
  var fields: [RawField] = []
  var messages: [RawMessage] = []
  var enums: [RawEnum] = []
  var oneofs: [String] = []
  var isMapEntry = false

  init(_ bytes: Span<UInt8>, depth: Int) throws(WireError) {
    guard depth > 0 else { throw WireError(.tooDeep, at: 0) }
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: name = try reader.string()
      case 18:
        let range = try reader.byteRange()
        fields.append(try RawField(bytes.extracting(range)))
      case 26:
        let range = try reader.byteRange()
        messages.append(try RawMessage(bytes.extracting(range), depth: depth - 1))
      case 34:
        let range = try reader.byteRange()
        enums.append(try RawEnum(bytes.extracting(range)))
      case 58:
        let range = try reader.byteRange()
        // MessageOptions.map_entry is field 7.
        isMapEntry = try RawOption.flag(7, in: bytes.extracting(range)) ?? isMapEntry
      case 66:
        let range = try reader.byteRange()
        oneofs.append(try RawOption.name(in: bytes.extracting(range)))
      default: try reader.skip(tag)
      }
    }
  }
}

/// A `FieldDescriptorProto`.
struct RawField {
  var name = ""
  var number: UInt64 = 0
  var label: UInt64 = 0
  var type: UInt64 = 0
  var typeName = ""
  var jsonName: String?
  var oneofIndex: UInt64?
  var isProto3Optional = false
  var isPacked: Bool?

  init(_ bytes: Span<UInt8>) throws(WireError) {
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: name = try reader.string()
      case 24: number = try reader.varint()
      case 32: label = try reader.varint()
      case 40: type = try reader.varint()
      case 50: typeName = try reader.string()
      case 66:
        let range = try reader.byteRange()
        // FieldOptions.packed is field 2.
        isPacked = try RawOption.flag(2, in: bytes.extracting(range)) ?? isPacked
      case 72: oneofIndex = try reader.varint()
      case 82: jsonName = try reader.string()
      case 136: isProto3Optional = try reader.varint() != 0
      default: try reader.skip(tag)
      }
    }
  }
}

/// An `EnumDescriptorProto`.
struct RawEnum {
  var name = ""
  var values: [(name: String, number: Int32)] = []

  init(_ bytes: Span<UInt8>) throws(WireError) {
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: name = try reader.string()
      case 18:
        let range = try reader.byteRange()
        values.append(try Self.value(bytes.extracting(range)))
      default: try reader.skip(tag)
      }
    }
  }

  private static func value(
    _ bytes: Span<UInt8>
  ) throws(WireError) -> (name: String, number: Int32) {
    var value: (name: String, number: Int32) = ("", 0)
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: value.name = try reader.string()
      case 16: value.number = Int32(truncatingIfNeeded: try reader.varint())
      default: try reader.skip(tag)
      }
    }
    return value
  }
}

/// A `ServiceDescriptorProto`.
struct RawService {
  var name = ""
  var methods: [RawMethod] = []

  init(_ bytes: Span<UInt8>) throws(WireError) {
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: name = try reader.string()
      case 18:
        let range = try reader.byteRange()
        methods.append(try RawMethod(bytes.extracting(range)))
      default: try reader.skip(tag)
      }
    }
  }
}

/// A `MethodDescriptorProto`.
struct RawMethod {
  var name = ""
  var request = ""
  var response = ""
  var clientStreams = false
  var serverStreams = false

  init(_ bytes: Span<UInt8>) throws(WireError) {
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      switch tag {
      case 10: name = try reader.string()
      case 18: request = try reader.string()
      case 26: response = try reader.string()
      case 40: clientStreams = try reader.varint() != 0
      case 48: serverStreams = try reader.varint() != 0
      default: try reader.skip(tag)
      }
    }
  }
}

/// Single fields of messages of which nothing else is read.
enum RawOption {
  /// The Boolean option of a number, if it is set.
  static func flag(_ number: UInt32, in bytes: Span<UInt8>) throws(WireError) -> Bool? {
    var flag: Bool?
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      if tag == number << 3 {
        flag = try reader.varint() != 0
      } else {
        try reader.skip(tag)
      }
    }
    return flag
  }

  /// The name, which is field 1 of every descriptor.
  static func name(in bytes: Span<UInt8>) throws(WireError) -> String {
    var name = ""
    var reader = WireReader(bytes)
    while case let tag = try reader.nextTag(), tag != 0 {
      if tag == 10 {
        name = try reader.string()
      } else {
        try reader.skip(tag)
      }
    }
    return name
  }
}
