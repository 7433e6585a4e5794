import Arguments
import SchemaCompiler

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the program takes.
enum CommandLineOptions {
  static let check = Option(
    flag: "check",
    help: "write nothing; list the files that are stale and end with 1"
  )
  static let schemaPath = Option(
    repeating: "schema-path",
    .path.named("DIR"),
    help: "where imports are looked for, in order; default: the folder you are in"
  )
  static let messages = Option("messages", .path, help: "write the Swift of FILE's messages")
  static let services = Option("services", .path, help: "write the Swift of FILE's services")
  static let descriptor = Option(
    "descriptor",
    .path,
    help: "write a FileDescriptorSet of FILE and its imports"
  )
  static let visibility = Option(
    "visibility",
    Visibility.kind,
    default: .internal,
    help: "who can see the messages"
  )
  static let module = Option(
    "module",
    .text.named("NAME"),
    default: "Generated",
    help: "the module that FILE's Swift is in"
  )
  static let file = Positional(
    optional: "FILE",
    .path,
    help: "a schema, by its path in one of the schema folders"
  )

  static let command = Command(
    "schemac",
    summary: "turn proto3 schemas into Swift",
    examples: [
      Command.Example("swift run schemac", "rewrite the generated files of this package"),
      Command.Example("swift run schemac --check", "say which of them are stale"),
      Command.Example("schemac --schema-path protos --messages Shop.swift shop.proto"),
    ],
    discussion: """
      Without FILE it works on the package you are in. The well-known types
      (google/protobuf/timestamp.proto and the like) are built in.
      """,
    options: [check, schemaPath, messages, services, descriptor, visibility, module],
    positionals: [file]
  )
}

extension Visibility {
  /// How the command line names a visibility.
  static var kind: ValueKind<Visibility> {
    ValueKind(
      placeholder: "public|package|internal",
      choices: ["public", "package", "internal"],
      read: { text throws(ValueError) in
        guard let value = Visibility(rawValue: text) else {
          throw ValueError("'\(text)' is not one of public, package, internal")
        }
        return value
      },
      write: { $0.rawValue }
    )
  }
}

/// Rewrites the package's generated files, or says which are stale.
func generatePackage(checksOnly: Bool) throws -> ExitStatus {
  var stale = 0
  for (path, text) in try GenerationPlan.package.generate() {
    if try Files.read(path) == Array(text.utf8) { continue }
    stale += 1
    if !checksOnly { try Files.write(Array(text.utf8), to: path) }
    print(checksOnly ? "stale: \(path)" : "wrote \(path)")
  }
  return checksOnly && stale > 0 ? .failure : .success
}

/// Writes what the command line asks of one schema.
func generate(_ file: String, _ invocation: Invocation) throws -> ExitStatus {
  typealias Options = CommandLineOptions
  let folders = invocation[Options.schemaPath]
  let schema = try SchemaCompiler.link([file]) { path in
    try Files.find(path, in: folders.isEmpty ? ["."] : folders)
  }
  let module = invocation[Options.module]
  let options = GeneratorOptions(
    visibility: invocation[Options.visibility],
    module: module,
    modules: GenerationPlan.package.publicModules
  )
  if let path = invocation[Options.messages], let text = schema.messages(of: file, options) {
    try Files.write(Array(text.utf8), to: path)
  }
  if let path = invocation[Options.services], let text = schema.services(of: file, options) {
    try Files.write(Array(text.utf8), to: path)
  }
  if let path = invocation[Options.descriptor] {
    try Files.write(schema.encodedSet, to: path)
  }
  return .success
}

/// Does what a command line asks.
func run(_ arguments: [String]) -> ExitStatus {
  do {
    switch try CommandLineOptions.command.parse(arguments) {
    case .help(let text), .version(let text):
      print(text)
      return .success
    case .run(let invocation):
      guard let file = invocation[CommandLineOptions.file] else {
        return try generatePackage(checksOnly: invocation[CommandLineOptions.check])
      }
      return try generate(file, invocation)
    }
  } catch let error as UsageError {
    StandardError.print("\(error)")
    return .usage
  } catch let errors as SchemaErrors {
    StandardError.print("\(errors)")
    return .failure
  } catch {
    StandardError.print("schemac: \(error)")
    return .failure
  }
}

exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
