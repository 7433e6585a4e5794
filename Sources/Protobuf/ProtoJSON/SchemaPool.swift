package import ProtoWire

/// The messages and enumerations of some schemas, with all that they refer to.
package final class SchemaPool: Sendable {
  /// All message types, those of map entries too.
  package let messages: [MessageDescriptor]

  /// All enumerations.
  package let enums: [EnumDescriptor]

  /// All methods of all services, in the order of the schema.
  package let methods: [MethodDescriptor]

  private let messageIndex: [String: Int]

  /// Reads the descriptors of files and of those that they import; a file may be named repeatedly.
  ///
  /// - Throws: ``SchemaError`` if a descriptor can't be read or names what isn't there.
  package convenience init(_ files: [SchemaFile]) throws(SchemaError) {
    var collector = FileCollector()
    for file in files { try collector.add(file) }
    try self.init(linking: collector.files)
  }

  /// Reads an encoded `FileDescriptorSet`, as `protoc --include_imports --descriptor_set_out`
  /// writes it.
  ///
  /// - Throws: ``SchemaError`` as ``init(_:)-([SchemaFile])``.
  package convenience init(descriptorSet bytes: [UInt8]) throws(SchemaError) {
    let files: [RawFile]
    do {
      files = try RawFile.files(inSet: bytes.span)
    } catch {
      throw .malformed(path: "descriptor set", error)
    }
    try self.init(linking: files)
  }

  private init(linking files: [RawFile]) throws(SchemaError) {
    var linker = SchemaLinker()
    for file in files { try linker.declare(file) }
    (messages, enums) = try linker.link()
    messageIndex = linker.messageIndex
    methods = try linker.methods(of: files)
    for message in messages {
      if let form = message.form, !form.fits(message) {
        throw .changedWellKnownType(name: message.fullName)
      }
    }
  }

  /// The message type of a full name, if there is one.
  package func message(named name: String) -> MessageDescriptor? {
    messageIndex[name].map { messages[$0] }
  }
}

/// Decodes files and their imports, each once.
private struct FileCollector {
  var files: [RawFile] = []
  private var paths: Set<String> = []

  mutating func add(_ file: SchemaFile) throws(SchemaError) {
    guard paths.insert(file.path).inserted else { return }
    for dependency in file.dependencies { try add(dependency) }
    var bytes: [UInt8] = []
    let text = Array(file.descriptorBase64.utf8)
    guard Base64.decode(text.span, skipsLineBreaks: true, appendingTo: &bytes) else {
      throw .notBase64(path: file.path)
    }
    do {
      files.append(try RawFile(decoding: bytes.span))
    } catch {
      throw .malformed(path: file.path, error)
    }
  }
}

/// Gives every type an index, then turns type names into indices.
private struct SchemaLinker {
  var messageIndex: [String: Int] = [:]
  private var enumIndex: [String: Int] = [:]
  private var rawMessages: [(fullName: String, raw: RawMessage)] = []
  private var enums: [EnumDescriptor] = []

  mutating func declare(_ file: RawFile) throws(SchemaError) {
    guard file.syntax == "proto3" else {
      throw .unsupportedSyntax(path: file.path, syntax: file.syntax)
    }
    let scope = file.package.isEmpty ? "" : file.package + "."
    for message in file.messages { try declare(message, scope) }
    for raw in file.enums { try declare(raw, scope) }
  }

  private mutating func declare(_ raw: RawMessage, _ scope: String) throws(SchemaError) {
    let fullName = scope + raw.name
    try claim(fullName)
    messageIndex[fullName] = rawMessages.count
    rawMessages.append((fullName, raw))
    for message in raw.messages { try declare(message, fullName + ".") }
    for nested in raw.enums { try declare(nested, fullName + ".") }
  }

  private mutating func declare(_ raw: RawEnum, _ scope: String) throws(SchemaError) {
    let fullName = scope + raw.name
    try claim(fullName)
    enumIndex[fullName] = enums.count
    enums.append(EnumDescriptor(fullName: fullName, raw))
  }

  /// The methods of all services; their messages must be there.
  func methods(of files: [RawFile]) throws(SchemaError) -> [MethodDescriptor] {
    var methods: [MethodDescriptor] = []
    for file in files {
      let scope = file.package.isEmpty ? "" : file.package + "."
      for service in file.services {
        for raw in service.methods {
          let method = MethodDescriptor(service: scope + service.name, raw)
          for name in [method.request, method.response] where messageIndex[name] == nil {
            throw .unknownType(name: name)
          }
          methods.append(method)
        }
      }
    }
    return methods
  }

  private func claim(_ fullName: String) throws(SchemaError) {
    guard messageIndex[fullName] == nil, enumIndex[fullName] == nil else {
      throw .duplicateType(name: fullName)
    }
  }

  func link() throws(SchemaError) -> (messages: [MessageDescriptor], enums: [EnumDescriptor]) {
    var messages: [MessageDescriptor] = []
    messages.reserveCapacity(rawMessages.count)
    for (fullName, raw) in rawMessages {
      var fields: [FieldDescriptor] = []
      for field in raw.fields {
        fields.append(try link(field, of: fullName, oneofCount: raw.oneofs.count))
      }
      let message = try MessageDescriptor(
        fullName: fullName,
        fields: fields,
        oneofs: raw.oneofs,
        isMapEntry: raw.isMapEntry
      )
      if message.isMapEntry { try check(mapEntry: message) }
      messages.append(message)
    }
    return (messages, enums)
  }

  private func link(
    _ raw: RawField,
    of message: String,
    oneofCount: Int
  ) throws(SchemaError) -> FieldDescriptor {
    func invalid(_ what: String) -> SchemaError {
      .invalidField(message: message, field: raw.name, what: what)
    }
    guard raw.number > 0, raw.number < 1 << 29 else { throw invalid("number \(raw.number)") }
    guard let type = FieldType(rawValue: raw.type) else { throw invalid("type \(raw.type)") }
    guard raw.label == 1 || raw.label == 3 else { throw invalid("label \(raw.label)") }
    if let oneof = raw.oneofIndex {
      guard oneof < UInt64(oneofCount) else { throw invalid("oneof \(oneof)") }
      guard raw.label == 1 else { throw invalid("a oneof and is repeated") }
    }
    let target = try target(of: raw, type)
    guard !target.isMapEntry || raw.label == 3 else { throw invalid("a single map entry") }
    return FieldDescriptor(raw, type: type, number: UInt32(raw.number), target: target)
  }

  private func target(of raw: RawField, _ type: FieldType) throws(SchemaError) -> FieldTarget {
    // protoc writes full names only, marked by the leading dot.
    let name = raw.typeName.hasPrefix(".") ? String(raw.typeName.dropFirst()) : raw.typeName
    switch type {
    case .message:
      guard let index = messageIndex[name] else { throw .unknownType(name: raw.typeName) }
      return FieldTarget(
        index: index,
        isMapEntry: rawMessages[index].raw.isMapEntry,
        takesNull: name == "google.protobuf.Value"
      )
    case .enumeration:
      guard let index = enumIndex[name] else { throw .unknownType(name: raw.typeName) }
      return FieldTarget(index: index, takesNull: enums[index].isNull)
    case .double, .float, .int64, .uint64, .int32, .fixed64, .fixed32, .bool, .string, .bytes,
      .uint32, .sfixed32, .sfixed64, .sint32, .sint64:
      return FieldTarget()
    }
  }

  private func check(mapEntry message: MessageDescriptor) throws(SchemaError) {
    let fields = message.fields
    guard fields.count == 2, fields[0].number == 1, fields[1].number == 2,
      fields[0].type.isMapKey, !fields[0].isRepeated, !fields[1].isRepeated
    else {
      throw .invalidField(message: message.fullName, field: "key", what: "no map entry's shape")
    }
  }
}
