/// Reads files and all they import, each after those it imports.
struct SchemaLoader {
  /// A file's tree and what is wrong with it.
  struct File {
    var syntax: FileSyntax
    var diagnostics: Diagnostics

    /// Whether the file or one that it imports has errors, so that names can't be looked up.
    var isBroken: Bool
  }

  private let read: (String) throws -> [UInt8]?

  /// The files in the order in which they can be linked.
  private(set) var files: [File] = []
  private var positions: [String: Int] = [:]

  /// The files that are being read, outermost first.
  private var open: [String] = []

  init(read: @escaping (String) throws -> [UInt8]?) { self.read = read }

  /// Reads a file that nothing imports.
  mutating func loadRoot(_ path: String) {
    guard positions[path] == nil else { return }
    if case .failure(let problem) = load(path) {
      var diagnostics = Diagnostics(path: path)
      diagnostics.report(problem.what, at: .start)
      append(FileSyntax(path: path), diagnostics, isBroken: true)
    }
  }

  /// Whether a path is relative, has no detours, and can stand in code as it is.
  private static func isPath(_ path: String) -> Bool {
    let names = path.split(separator: "/", omittingEmptySubsequences: false)
    return names.allSatisfy { !["", ".", ".."].contains($0) }
      && path.unicodeScalars.allSatisfy { $0.value >= 0x20 && !"\\\"`".unicodeScalars.contains($0) }
  }

  private struct Problem: Error {
    var what: String
  }

  private mutating func append(
    _ syntax: FileSyntax,
    _ diagnostics: Diagnostics,
    isBroken: Bool
  ) {
    positions[syntax.path] = files.count
    files.append(File(syntax: syntax, diagnostics: diagnostics, isBroken: isBroken))
  }

  /// Reads a file and what it imports; says whether it is free of errors.
  private mutating func load(_ path: String) -> Result<Bool, Problem> {
    if let position = positions[path] { return .success(!files[position].isBroken) }
    if let start = open.firstIndex(of: path) {
      let circle = (open[start...] + [path]).map { "'\($0)'" }.joined(separator: " → ")
      return .failure(Problem(what: "files import each other: \(circle)"))
    }
    guard Self.isPath(path) else {
      return .failure(Problem(what: "'\(path)' is no path: names of files joined by '/'"))
    }
    guard open.count < SchemaLimits.importDepthMax else {
      return .failure(
        Problem(what: "imports are nested deeper than \(SchemaLimits.importDepthMax)")
      )
    }
    guard files.count + open.count < SchemaLimits.filesMax else {
      return .failure(Problem(what: "more than \(SchemaLimits.filesMax) files are imported"))
    }
    let source: [UInt8]
    do {
      guard let found = try read(path) ?? BuiltInSchemas.source(of: path) else {
        return .failure(Problem(what: "file '\(path)' is not found"))
      }
      source = found
    } catch {
      return .failure(Problem(what: "file '\(path)': \(error)"))
    }
    guard source.count <= SchemaLimits.fileSizeMax else {
      let limit = SchemaLimits.fileSizeMax
      return .failure(
        Problem(what: "file of \(source.count) bytes is over the limit of \(limit)")
      )
    }
    return .success(parse(source, path))
  }

  private mutating func parse(_ source: [UInt8], _ path: String) -> Bool {
    guard String(validating: source, as: UTF8.self) != nil else {
      var diagnostics = Diagnostics(path: path)
      diagnostics.report("file is not UTF-8", at: .start)
      append(FileSyntax(path: path), diagnostics, isBroken: true)
      return false
    }
    var (syntax, diagnostics) = Parser.parse(source, path: path)
    var isBroken = !diagnostics.errors.isEmpty
    var seen: Set<String> = []
    open.append(path)
    for item in syntax.imports {
      guard seen.insert(item.path).inserted else {
        diagnostics.report("'\(item.path)' is imported twice", at: item.location)
        isBroken = true
        continue
      }
      switch load(item.path) {
      case .success(let isWhole): if !isWhole { isBroken = true }
      case .failure(let problem):
        diagnostics.report(problem.what, at: item.location)
        isBroken = true
      }
    }
    open.removeLast()
    append(syntax, diagnostics, isBroken: isBroken)
    return !isBroken
  }
}
