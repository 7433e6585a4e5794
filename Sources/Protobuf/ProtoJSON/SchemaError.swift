package import ProtoWire

/// Why descriptors describe no messages.
package enum SchemaError: Error, Equatable, Sendable {
  /// The file's descriptor isn't Base64.
  case notBase64(path: String)

  /// The file's descriptor isn't a `FileDescriptorProto`.
  case malformed(path: String, WireError)

  /// The file isn't written in proto3.
  case unsupportedSyntax(path: String, syntax: String)

  /// Two messages or enumerations have one name.
  case duplicateType(name: String)

  /// Two fields of a message have one number or one name.
  case duplicateField(message: String, what: String)

  /// A field whose number, type or label isn't one that a proto3 schema has.
  case invalidField(message: String, field: String, what: String)

  /// A field's type, or the message asked for, isn't in the files.
  case unknownType(name: String)

  /// A message of `google.protobuf` whose fields aren't those that its JSON form is made of.
  case changedWellKnownType(name: String)
}

extension SchemaError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notBase64(let path): "descriptor of \(path) is not base64"
    case .malformed(let path, let error): "descriptor of \(path) is malformed at \(error)"
    case .unsupportedSyntax(let path, let syntax):
      "\(path) is written in \(syntax.isEmpty ? "proto2" : syntax), not in proto3"
    case .duplicateType(let name): "type \(name) is described twice"
    case .duplicateField(let message, let what): "message \(message) has two fields of \(what)"
    case .invalidField(let message, let field, let what):
      "field '\(field)' of message \(message) has \(what)"
    case .unknownType(let name): "type \(name) is not described"
    case .changedWellKnownType(let name): "type \(name) has other fields than protobuf's"
    }
  }
}
