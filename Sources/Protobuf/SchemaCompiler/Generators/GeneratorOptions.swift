/// Who can see generated code.
package enum Visibility: String, Sendable {
  /// Other people's programs.
  case `public`

  /// The modules of this package.
  case package

  /// The module itself.
  case `internal`

  /// What stands in front of a declaration.
  var modifier: String { self == .internal ? "" : rawValue + " " }

  /// What stands in front of a declaration that other people's programs must not see.
  var packageModifier: String { self == .internal ? "" : "package " }
}

/// How Swift is made of a file.
package struct GeneratorOptions: Sendable {
  /// Who can see the messages.
  package var visibility: Visibility

  /// The module that each file's messages are in, by the file's path; what isn't named is in the
  /// module that is generated for.
  package var modules: [String: String]

  /// The module that is generated for.
  package var module: String

  /// Creates options.
  package init(visibility: Visibility, module: String, modules: [String: String] = [:]) {
    self.visibility = visibility
    self.module = module
    self.modules = modules
  }

  /// The module of a file's messages.
  func module(of path: String) -> String { modules[path] ?? module }
}
