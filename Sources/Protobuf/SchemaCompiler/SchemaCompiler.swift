/// Turns schemas into descriptors and Swift: text in, text out.
package enum SchemaCompiler {
  /// Reads files with all they import, looks up their names and checks the language's rules.
  ///
  /// - Parameters:
  ///   - paths: The files, as an import would name them.
  ///   - read: Gives the bytes of a file, or `nil` if there is none of that path. The well-known
  ///     types are built in, and asked for only so that they can be replaced.
  /// - Returns: The files and those they import, each after those it imports itself.
  /// - Throws: ``SchemaErrors`` with everything that is wrong, by file and place.
  package static func link(
    _ paths: [String],
    reading read: @escaping (String) throws -> [UInt8]?
  ) throws(SchemaErrors) -> LinkedSchema {
    var loader = SchemaLoader(read: read)
    for path in paths { loader.loadRoot(path) }
    var linker = Linker()
    var errors: [SchemaError] = []
    for var file in loader.files {
      if !file.isBroken { linker.link(file.syntax, &file.diagnostics) }
      errors += file.diagnostics.sorted
    }
    guard errors.isEmpty else { throw SchemaErrors(errors: errors) }
    return LinkedSchema(linker.files)
  }
}

/// Files whose names are all looked up.
package struct LinkedSchema: Sendable {
  /// The files, each after those it imports.
  package let files: [FileDescriptor]

  /// The messages by full name, map entries included.
  let messages: [String: MessageDescriptor]

  /// The enumerations by full name.
  let enums: [String: EnumDescriptor]

  /// The path of the file that each message and enumeration is in, by full name.
  let paths: [String: String]

  init(_ files: [FileDescriptor]) {
    var messages: [String: MessageDescriptor] = [:]
    var enums: [String: EnumDescriptor] = [:]
    var paths: [String: String] = [:]
    for file in files {
      var pending = file.messages
      var found = file.enums
      while let message = pending.popLast() {
        messages[message.fullName] = message
        paths[message.fullName] = file.path
        found += message.enums
        pending += message.messages
      }
      for enumeration in found {
        enums[enumeration.fullName] = enumeration
        paths[enumeration.fullName] = file.path
      }
    }
    self.files = files
    self.messages = messages
    self.enums = enums
    self.paths = paths
  }

  /// The file of a path.
  package func file(_ path: String) -> FileDescriptor? { files.first { $0.path == path } }
}
