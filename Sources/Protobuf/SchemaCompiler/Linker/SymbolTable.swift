/// All names that a run's files define, and where.
struct SymbolTable {
  /// What a name stands for.
  enum Kind: Sendable {
    case package
    case message
    case enumeration
    case enumValue
    case field
    case oneof
    case service
    case method

    /// Whether names can be defined inside.
    var isScope: Bool {
      switch self {
      case .package, .message, .enumeration, .service: true
      case .enumValue, .field, .oneof, .method: false
      }
    }

    /// Whether a field can be of it.
    var isType: Bool { self == .message || self == .enumeration }
  }

  /// A name's meaning and place.
  struct Symbol: Sendable {
    var kind: Kind
    var path: String
    var location: SourceLocation
  }

  /// Why a name means nothing.
  enum Failure: Error, Hashable {
    case undefined

    /// The first part was found in an inner scope, the rest not in it.
    case resolvedTo(String)

    /// The name is defined in a file that isn't imported.
    case notImported(String)
  }

  private var symbols: [String: Symbol] = [:]

  /// The files that each package is in.
  private var packages: [String: Set<String>] = [:]

  /// Adds a package and the packages around it.
  mutating func definePackage(_ name: Name, _ path: String, _ diagnostics: inout Diagnostics) {
    var prefix = ""
    for part in name.text.split(separator: ".") {
      prefix += prefix.isEmpty ? String(part) : "." + part
      packages[prefix, default: []].insert(path)
      guard let earlier = symbols[prefix] else {
        symbols[prefix] = Symbol(kind: .package, path: path, location: name.location)
        continue
      }
      if earlier.kind != .package {
        diagnostics.report(
          "package '\(prefix)' is defined as something else in '\(earlier.path)' "
            + "(line \(earlier.location.line))",
          at: name.location
        )
      }
    }
  }

  /// Adds a definition, or reports that the name is taken.
  ///
  /// `name` is the last part of the name, `scope` the full name of what is around it or the empty
  /// string.
  mutating func define(
    _ name: Name,
    _ kind: Kind,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) {
    let fullName = scope.isEmpty ? name.text : scope + "." + name.text
    guard let earlier = symbols[fullName] else {
      symbols[fullName] = Symbol(kind: kind, path: diagnostics.path, location: name.location)
      return
    }
    let place =
      earlier.path == diagnostics.path
      ? "line \(earlier.location.line)" : "'\(earlier.path)' line \(earlier.location.line)"
    let what = earlier.kind == .package ? "is a package already" : "is defined already"
    let inside = scope.isEmpty ? "" : " in '\(scope)'"
    diagnostics.report("'\(name.text)' \(what)\(inside) (\(place))", at: name.location)
  }

  /// Finds what a name means in a place.
  ///
  /// The innermost scope is searched first. A name of several parts is bound by its first: where
  /// that is a scope, the rest must be in it.
  ///
  /// - Parameters:
  ///   - name: The name as it is written; with a point in front it is a full name.
  ///   - scope: The full name of the message or service around the place.
  ///   - visible: The files that can be seen from there.
  ///   - typesOnly: Whether to pass over what is no message and no enumeration.
  /// - Returns: The full name and the symbol.
  /// - Throws: ``Failure`` if there is no such name in sight.
  func resolve(
    _ name: String,
    in scope: String,
    visible: Set<String>,
    typesOnly: Bool
  ) throws(Failure) -> (name: String, symbol: Symbol) {
    if name.hasPrefix(".") {
      let fullName = String(name.dropFirst())
      guard let symbol = try find(fullName, visible) else { throw notFound(fullName) }
      return (fullName, symbol)
    }
    let first = name.prefix { $0 != "." }
    var around = scope[...]
    while true {
      let prefix = around.isEmpty ? "" : around + "."
      if let symbol = try find(prefix + first, visible) {
        if first.utf8.count < name.utf8.count {
          if symbol.kind.isScope {
            let fullName = prefix + name
            guard let inner = try find(fullName, visible) else {
              if let hidden = symbols[fullName], hidden.kind != .package {
                throw .notImported(hidden.path)
              }
              throw .resolvedTo(fullName)
            }
            return (fullName, inner)
          }
        } else if !typesOnly || symbol.kind.isType {
          return (String(prefix + first), symbol)
        }
      }
      if around.isEmpty { break }
      around = around[..<(around.lastIndex(of: ".") ?? around.startIndex)]
    }
    throw notFound(name)
  }

  /// The symbol of a full name, if its file can be seen.
  private func find(_ fullName: String, _ visible: Set<String>) throws(Failure) -> Symbol? {
    guard let symbol = symbols[fullName] else { return nil }
    if symbol.kind == .package {
      let isVisible = packages[fullName].map { !$0.isDisjoint(with: visible) } ?? false
      return isVisible ? symbol : nil
    }
    return visible.contains(symbol.path) ? symbol : nil
  }

  private func notFound(_ fullName: String) -> Failure {
    guard let symbol = symbols[fullName], symbol.kind != .package else { return .undefined }
    return .notImported(symbol.path)
  }
}
