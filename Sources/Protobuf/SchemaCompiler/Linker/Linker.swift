/// Looks up the names of files and checks the language's rules, file after file.
struct Linker {
  /// The files linked so far.
  private(set) var files: [FileDescriptor] = []
  var symbols = SymbolTable()

  /// What each file passes on to those that import it, itself included.
  private var exports: [String: Set<String>] = [:]

  /// The files that the one being linked can see.
  var visible: Set<String> = []

  /// The files that are made for the small runtime only.
  private var liteFiles: Set<String> = []

  /// Links a file whose imports were linked before.
  mutating func link(_ syntax: FileSyntax, _ diagnostics: inout Diagnostics) {
    setVisibility(syntax)
    declare(syntax, &diagnostics)
    var file = FileDescriptor(path: syntax.path, package: syntax.package?.text ?? "")
    file.dependencies = syntax.imports.map(\.path)
    file.publicDependencies = syntax.imports.indices.filter { syntax.imports[$0].isPublic }
    file.options = KnownOptions.resolve(syntax.options, for: KnownOptions.file, &diagnostics)
    checkLite(syntax, file, &diagnostics)
    for message in syntax.messages {
      file.messages.append(link(message, in: file.package, &diagnostics))
    }
    for enumeration in syntax.enums {
      file.enums.append(link(enumeration, in: file.package, &diagnostics))
    }
    for service in syntax.services {
      file.services.append(link(service, in: file.package, &diagnostics))
    }
    files.append(file)
  }

  private mutating func setVisibility(_ syntax: FileSyntax) {
    visible = [syntax.path]
    var exported: Set<String> = [syntax.path]
    for item in syntax.imports {
      let passedOn = exports[item.path] ?? []
      visible.formUnion(passedOn)
      if item.isPublic { exported.formUnion(passedOn) }
    }
    exports[syntax.path] = exported
  }

  private mutating func checkLite(
    _ syntax: FileSyntax,
    _ file: FileDescriptor,
    _ diagnostics: inout Diagnostics
  ) {
    if file.options["optimize_for"] == .number(3) {
      liteFiles.insert(file.path)
      return
    }
    for item in syntax.imports where liteFiles.contains(item.path) {
      diagnostics.report(
        "'\(item.path)' is optimized for LITE_RUNTIME, so what imports it must be too",
        at: item.location
      )
    }
  }

  // MARK: Declarations

  private mutating func declare(_ file: FileSyntax, _ diagnostics: inout Diagnostics) {
    let scope = file.package?.text ?? ""
    if let package = file.package {
      symbols.definePackage(package, file.path, &diagnostics)
    }
    for message in file.messages { declare(message, in: scope, &diagnostics) }
    for enumeration in file.enums { declare(enumeration, in: scope, &diagnostics) }
    for service in file.services {
      symbols.define(service.name, .service, in: scope, &diagnostics)
      let inner = Self.join(scope, service.name.text)
      for method in service.methods {
        symbols.define(method.name, .method, in: inner, &diagnostics)
      }
    }
  }

  private mutating func declare(
    _ message: MessageSyntax,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) {
    symbols.define(message.name, .message, in: scope, &diagnostics)
    let inner = Self.join(scope, message.name.text)
    for nested in message.messages where !nested.isMapEntry {
      declare(nested, in: inner, &diagnostics)
    }
    for enumeration in message.enums { declare(enumeration, in: inner, &diagnostics) }
    for oneof in message.oneofs { symbols.define(oneof.name, .oneof, in: inner, &diagnostics) }
    for field in message.fields { symbols.define(field.name, .field, in: inner, &diagnostics) }
    // Last, so that a clash names the map and not what the author wrote.
    for nested in message.messages where nested.isMapEntry {
      declare(nested, in: inner, &diagnostics)
    }
  }

  private mutating func declare(
    _ enumeration: EnumSyntax,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) {
    symbols.define(enumeration.name, .enumeration, in: scope, &diagnostics)
    // Values are siblings of their enumeration, as in C++.
    for value in enumeration.values {
      symbols.define(value.name, .enumValue, in: scope, &diagnostics)
    }
  }

  /// A full name of a scope's and its own.
  static func join(_ scope: String, _ name: String) -> String {
    scope.isEmpty ? name : scope + "." + name
  }

  // MARK: Types

  /// Looks up the type that a field or method names; reports it if there is none.
  func resolve(
    _ name: Name,
    in scope: String,
    typesOnly: Bool,
    _ diagnostics: inout Diagnostics
  ) -> (name: String, kind: SymbolTable.Kind)? {
    do throws(SymbolTable.Failure) {
      let (fullName, symbol) = try symbols.resolve(
        name.text,
        in: scope,
        visible: visible,
        typesOnly: typesOnly
      )
      return (fullName, symbol.kind)
    } catch {
      switch error {
      case .undefined:
        diagnostics.report("'\(name.text)' is not defined", at: name.location)
      case .resolvedTo(name.text):
        diagnostics.report("'\(name.text)' is not defined", at: name.location)
      case .resolvedTo(let fullName):
        diagnostics.report(
          "'\(name.text)' is read as '\(fullName)', which is not defined; "
            + "'.\(name.text)' begins at the outermost scope",
          at: name.location
        )
      case .notImported(let path):
        diagnostics.report(
          "'\(name.text)' is defined in '\(path)', which is not imported",
          at: name.location
        )
      }
      return nil
    }
  }

  // MARK: Services

  private func link(
    _ syntax: ServiceSyntax,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) -> ServiceDescriptor {
    let fullName = Self.join(scope, syntax.name.text)
    var service = ServiceDescriptor(name: syntax.name.text, fullName: fullName)
    service.comment = syntax.comment
    service.options = KnownOptions.resolve(
      syntax.options,
      for: KnownOptions.service,
      &diagnostics
    )
    for method in syntax.methods {
      let input = resolveMessage(method.input, in: fullName, &diagnostics)
      let output = resolveMessage(method.output, in: fullName, &diagnostics)
      var options = KnownOptions.resolve(
        method.options,
        for: KnownOptions.method,
        &diagnostics
      )
      options.hasBlock = method.hasBlock
      service.methods.append(
        MethodDescriptor(
          name: method.name.text,
          comment: method.comment,
          input: input,
          output: output,
          clientStreams: method.clientStreams,
          serverStreams: method.serverStreams,
          options: options
        )
      )
    }
    return service
  }

  private func resolveMessage(
    _ name: Name,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) -> String {
    guard let found = resolve(name, in: scope, typesOnly: false, &diagnostics) else { return "" }
    if found.kind != .message {
      diagnostics.report("'\(name.text)' is not a message", at: name.location)
    }
    return found.name
  }
}
