/// A schema's descriptor as generated code carries it.
///
/// The bytes are those of a `google.protobuf.FileDescriptorProto` without source information, in
/// Base64; ``ProtoJSON`` and reflection read them on first use, nothing else pays for them.
public struct SchemaFile: Sendable {
  /// The file's path as an import names it, such as `customers.proto`.
  public var path: String

  /// The files that this one imports.
  public var dependencies: [SchemaFile]

  /// The encoded descriptor, in Base64; line breaks in it mean nothing.
  public var descriptorBase64: String

  /// Creates a description of a schema's file.
  public init(path: String, dependencies: [SchemaFile] = [], descriptorBase64: String) {
    self.path = path
    self.dependencies = dependencies
    self.descriptorBase64 = descriptorBase64
  }
}
