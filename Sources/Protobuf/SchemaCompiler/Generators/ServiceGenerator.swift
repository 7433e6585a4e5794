/// Makes the code of a service: its methods' names, a handler to implement, a stub to call.
struct ServiceGenerator {
  let service: ServiceDescriptor
  let context: GeneratorContext

  private var access: String { context.packageModifier }
  private var typeName: String { SwiftNames.type(service.name) }

  /// Adds all of it.
  func print(to printer: inout CodePrinter) {
    printMethods(&printer)
    printer.blank()
    printHandler(&printer)
    printer.blank()
    printDefinition(&printer)
    printer.blank()
    printStub(&printer)
  }

  private func name(of method: MethodDescriptor) -> String {
    SwiftNames.escaped(SwiftNames.property(method.name))
  }

  private func request(of method: MethodDescriptor) -> String {
    context.names.reference(to: method.input, from: [])
  }

  private func response(of method: MethodDescriptor) -> String {
    context.names.reference(to: method.output, from: [])
  }

  private func kind(of method: MethodDescriptor) -> String {
    switch (method.clientStreams, method.serverStreams) {
    case (false, false): "unary"
    case (true, false): "clientStreaming"
    case (false, true): "serverStreaming"
    case (true, true): "bidirectional"
    }
  }

  // MARK: Methods

  private func printMethods(_ printer: inout CodePrinter) {
    printer.line("/// The methods of `\(service.fullName)`, with the types of their messages.")
    printer.block("\(access)enum \(typeName)Methods") { printer in
      printer.line("/// The service's full name.")
      printer.line("\(access)static let service = \"\(service.fullName)\"")
      for method in service.methods {
        printer.blank()
        printer.line("/// The method `\(method.name)`.")
        printMethod(method, &printer)
      }
    }
  }

  private func printMethod(_ method: MethodDescriptor, _ printer: inout CodePrinter) {
    let head = "\(access)static let \(name(of: method)) = RPCMethod<"
    let types = "\(request(of: method)), \(response(of: method))"
    let arguments = [
      "service: service", "name: \"\(method.name)\"", "kind: .\(kind(of: method))",
    ]
    if (head + types + ">(").unicodeScalars.count <= printer.width {
      printer.list(head + types + ">", "()", arguments, "")
    } else {
      printer.line(head)
      printer.indented { $0.line(types) }
      printer.list(">", "()", arguments, "")
    }
  }

  // MARK: The server's side

  private func printHandler(_ printer: inout CodePrinter) {
    DocComment(
      service.comment,
      fallback: "What answers the calls of `\(service.fullName)`.",
      isDeprecated: service.options.isDeprecated
    ).print(to: &printer)
    printer.block("\(access)protocol \(typeName)Handler: Sendable") { printer in
      for (index, method) in service.methods.enumerated() {
        if index > 0 { printer.blank() }
        printDocumentation(of: method, "Answers", &printer)
        var parameters =
          method.clientStreams
          ? ["_ requests: RequestStream<\(request(of: method))>"]
          : ["_ request: \(request(of: method))"]
        if method.serverStreams {
          parameters.append("_ responses: ResponseWriter<\(response(of: method))>")
        }
        parameters.append("_ context: CallContext")
        let result = method.serverStreams ? "" : " -> Encoded<\(response(of: method))>"
        printer.list(
          "func \(name(of: method))",
          "()",
          parameters,
          " async throws\(result)"
        )
      }
    }
  }

  private func printDefinition(_ printer: inout CodePrinter) {
    let label = SwiftNames.escaped(SwiftNames.property(service.name))
    printer.block("extension ServiceDefinition") { printer in
      printer.line("/// Creates `\(service.fullName)` as a handler answers it.")
      printer.block("\(access)init(\(label) handler: some \(typeName)Handler)") { printer in
        printer.line("typealias Methods = \(typeName)Methods")
        if service.methods.isEmpty {
          printer.line("self.init(name: Methods.service, methods: [:])")
          return
        }
        printer.line("self.init(")
        printer.indented { printer in
          printer.line("name: Methods.service,")
          let entries = service.methods.map { method in
            let key = "Methods.\(name(of: method))"
            return "\(key).name: .\(kind(of: method))(\(key), handler.\(name(of: method)))"
          }
          printer.list("methods: ", "[]", entries, "")
        }
        printer.line(")")
      }
    }
  }

  // MARK: The client's side

  private func printStub(_ printer: inout CodePrinter) {
    printer.line("/// Calls `\(service.fullName)` through a channel.")
    printer.block("\(access)struct \(typeName)Stub: Sendable") { printer in
      printer.line("/// What carries the calls.")
      printer.line("\(access)let channel: any RPCChannel")
      printer.blank()
      printer.line("/// Creates a stub that calls through a channel.")
      printer.line("\(access)init(_ channel: any RPCChannel) { self.channel = channel }")
      for method in service.methods {
        printer.blank()
        printDocumentation(of: method, "Calls", &printer)
        printStubMethod(method, &printer)
      }
    }
  }

  private func printStubMethod(_ method: MethodDescriptor, _ printer: inout CodePrinter) {
    let key = "\(typeName)Methods.\(name(of: method))"
    let (request, response) = (request(of: method), response(of: method))
    var parameters = ["_ request: \(request)", "_ options: CallOptions = CallOptions()"]
    let (result, call): (String, String)
    if method.clientStreams {
      parameters.removeFirst()
      result = "StreamingCall<\(request), \(response)>"
      call = "requestStream(\(key), options)"
    } else if method.serverStreams {
      result = "ResponseStream<\(response)>"
      call = "serverStream(\(key), request, options)"
    } else {
      result = response
      call = "call(\(key), request, options)"
    }
    let head = "\(access)func \(name(of: method))"
    printer.list(head, "()", parameters, " async throws(RPCError) -> \(result) {")
    printer.indented { $0.line("try await channel.\(call)") }
    printer.line("}")
  }

  private func printDocumentation(
    of method: MethodDescriptor,
    _ verb: String,
    _ printer: inout CodePrinter
  ) {
    DocComment(
      method.comment,
      fallback: "\(verb) `\(method.name)`.",
      isDeprecated: method.options.isDeprecated
    ).print(to: &printer)
  }
}

/// Makes the code of a file's services.
struct ServiceFileGenerator {
  let file: FileDescriptor
  let context: GeneratorContext

  /// Returns the text of the Swift file.
  func generate() -> String {
    var printer = CodePrinter()
    printer.line(FileGenerator.header(of: file.path))
    printer.blank()
    var modules: Set = ["TTRPC"]
    for method in file.services.flatMap(\.methods) {
      for name in [method.input, method.output] {
        modules.insert(context.options.module(of: context.schema.paths[name] ?? ""))
      }
    }
    modules.remove(context.options.module)
    for module in modules.sorted() { printer.line("\(context.packageModifier)import \(module)") }
    for service in file.services {
      printer.blank()
      ServiceGenerator(service: service, context: context).print(to: &printer)
    }
    return printer.text
  }
}

extension LinkedSchema {
  /// Returns the Swift of a file's services; `nil` if the file wasn't linked.
  package func services(of path: String, _ options: GeneratorOptions) -> String? {
    guard let file = file(path) else { return nil }
    return ServiceFileGenerator(file: file, context: GeneratorContext(self, options)).generate()
  }
}
