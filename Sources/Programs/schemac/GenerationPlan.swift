import SchemaCompiler

/// Which Swift files are made of which schemas.
struct GenerationPlan {
  /// What a Swift file holds.
  enum Content {
    case messages(Visibility)
    case services(Visibility)
  }

  /// A Swift file and what it is made of.
  struct Output {
    var schema: String
    var content: Content

    /// The module the file is in.
    var module: String

    /// The file's path from the package's folder.
    var path: String
  }

  /// Where schemas are looked for, from the package's folder.
  var schemaFolders: [String]

  var outputs: [Output]

  /// The module that each schema's messages are in.
  var modules: [String: String] {
    var modules: [String: String] = [:]
    for output in outputs {
      if case .messages = output.content { modules[output.schema] = output.module }
    }
    return modules
  }

  /// The modules whose messages other people's can hold.
  var publicModules: [String: String] {
    var modules: [String: String] = [:]
    for output in outputs {
      if case .messages(.public) = output.content { modules[output.schema] = output.module }
    }
    return modules
  }

  /// Returns the files' paths and texts.
  func generate() throws(SchemaErrors) -> [(path: String, text: String)] {
    var schemas: [String] = []
    for output in outputs where !schemas.contains(output.schema) { schemas.append(output.schema) }
    let linked = try SchemaCompiler.link(schemas) { path in
      try Files.find(path, in: schemaFolders)
    }
    return outputs.compactMap { output in
      let text =
        switch output.content {
        case .messages(let visibility):
          linked.messages(of: output.schema, options(visibility, output.module))
        case .services(let visibility):
          linked.services(of: output.schema, options(visibility, output.module))
        }
      return text.map { (output.path, $0) }
    }
  }

  private func options(_ visibility: Visibility, _ module: String) -> GeneratorOptions {
    GeneratorOptions(visibility: visibility, module: module, modules: modules)
  }
}

extension GenerationPlan {
  /// The generated files of this package.
  static let package = GenerationPlan(
    schemaFolders: ["Schema", "Tests/ProtoWireTests/Schema", "Tests/CustomerAPITests/Schema"],
    outputs: [
      wellKnown("google/protobuf/any.proto", "Any"),
      wellKnown("google/protobuf/duration.proto", "Duration"),
      wellKnown("google/protobuf/field_mask.proto", "FieldMask"),
      wellKnown("google/protobuf/timestamp.proto", "Timestamp"),
      wellKnown("google/rpc/status.proto", "Status"),
      wellKnown("google/rpc/error_details.proto", "ErrorDetails"),
      Output(
        schema: "rpc.proto",
        content: .messages(.package),
        module: "TTRPC",
        path: "Sources/RPC/TTRPC/Generated/RPC.swift"
      ),
      Output(
        schema: "customers.proto",
        content: .messages(.public),
        module: "CustomerModel",
        path: "Sources/Customers/CustomerModel/Generated/Customers.swift"
      ),
      Output(
        schema: "customers.proto",
        content: .services(.package),
        module: "CustomerAPI",
        path: "Sources/Customers/CustomerAPI/Generated/CustomersServices.swift"
      ),
      test("features.proto", "Features"),
      test("imported/colors.proto", "Colors"),
      test("imported/shapes.proto", "Shapes"),
      test("google/protobuf/empty.proto", "Empty"),
      test("google/protobuf/struct.proto", "Struct"),
      test("google/protobuf/wrappers.proto", "Wrappers"),
      Output(
        schema: "calls.proto",
        content: .messages(.internal),
        module: "CustomerAPITests",
        path: "Tests/CustomerAPITests/Generated/Calls.swift"
      ),
      Output(
        schema: "calls.proto",
        content: .services(.internal),
        module: "CustomerAPITests",
        path: "Tests/CustomerAPITests/Generated/CallsServices.swift"
      ),
    ]
  )

  private static func wellKnown(_ schema: String, _ name: String) -> Output {
    Output(
      schema: schema,
      content: .messages(.public),
      module: "WellKnownTypes",
      path: "Sources/Protobuf/WellKnownTypes/Generated/\(name).swift"
    )
  }

  /// A schema of the tests, or one that only they use.
  private static func test(_ schema: String, _ name: String) -> Output {
    Output(
      schema: schema,
      content: .messages(.internal),
      module: "ProtoWireTests",
      path: "Tests/ProtoWireTests/Generated/\(name).swift"
    )
  }
}
