/// The Swift types of a schema's messages and enumerations.
struct TypeNames {
  /// A type as code names it from outside: its own name behind those around it.
  private var paths: [String: [String]] = [:]

  /// The names of the types inside each message, its oneofs' included.
  private var nested: [String: Set<String>] = [:]

  /// The Swift names of each message's oneofs, in order.
  private var oneofs: [String: [String]] = [:]

  /// The modules of files, where they are known.
  private let modules: [String: String]

  private let schema: LinkedSchema

  /// Names all types of a schema; `modules` says where each file's code is, by the file's path.
  init(_ schema: LinkedSchema, modules: [String: String]) {
    self.schema = schema
    self.modules = modules
    for file in schema.files {
      let prefix =
        if case .string(let bytes) = file.options["swift_prefix"] {
          String(decoding: bytes.filter(\.isIdentifierPart), as: UTF8.self)
        } else {
          ""
        }
      var taken: Set<String> = []
      for message in file.messages { add(message, in: [], prefix, &taken) }
      for enumeration in file.enums { add(enumeration, in: [], prefix, &taken) }
    }
  }

  private mutating func add(
    _ message: MessageDescriptor,
    in outer: [String],
    _ prefix: String,
    _ taken: inout Set<String>
  ) {
    if message.isMapEntry { return }
    let path = outer + [Self.unique(prefix + SwiftNames.type(message.name), &taken)]
    paths[message.fullName] = path
    // A nested type that is called like the one around it would hide it.
    var inner: Set<String> = Set(path.suffix(1))
    for item in message.messages { add(item, in: path, "", &inner) }
    for item in message.enums { add(item, in: path, "", &inner) }
    oneofs[message.fullName] = message.realOneofs.map {
      let name = SwiftNames.type($0.name)
      return Self.unique(inner.contains(name) ? name + "Choice" : name, &inner)
    }
    nested[message.fullName] = inner.subtracting(path.suffix(1))
  }

  private mutating func add(
    _ enumeration: EnumDescriptor,
    in outer: [String],
    _ prefix: String,
    _ taken: inout Set<String>
  ) {
    let name = Self.unique(prefix + SwiftNames.type(enumeration.name), &taken)
    paths[enumeration.fullName] = outer + [name]
  }

  private static func unique(_ name: String, _ taken: inout Set<String>) -> String {
    var result = name
    while !taken.insert(result).inserted { result += "_" }
    return result
  }

  /// The type's own name.
  func name(of fullName: String) -> String { paths[fullName]?.last ?? fullName }

  /// The name of a oneof's type.
  func name(ofOneof index: Int, in message: String) -> String {
    oneofs[message]?[index] ?? message
  }

  /// The type as code inside some messages names it; `scopes` are their full names.
  func reference(to fullName: String, from scopes: [String]) -> String {
    guard let path = paths[fullName], let first = path.first else { return fullName }
    if let short = shortReference(path, scopes) { return short }
    let name = path.joined(separator: ".")
    let isHidden = scopes.contains { nested[$0]?.contains(first) == true }
    guard isHidden, let file = schema.paths[fullName], let module = modules[file] else {
      return name
    }
    return module + "." + name
  }

  /// The type without the names of the messages that it shares with the place, if nothing further
  /// in hides it.
  private func shortReference(_ path: [String], _ scopes: [String]) -> String? {
    for (depth, scope) in zip(1..., scopes).reversed() {
      guard depth < path.count, let around = paths[scope] else { continue }
      let isHidden = scopes[depth...].contains { nested[$0]?.contains(path[depth]) == true }
      if path.starts(with: around), !isHidden { return path[depth...].joined(separator: ".") }
    }
    return nil
  }
}
