import Foundation

/// The files of this package, as text.
struct SourceTree {
  /// One Swift file.
  struct File {
    /// The path from the package's folder on.
    let path: String

    /// The file's lines.
    let lines: [Substring]

    /// The floor the file is on: a folder of `Sources`; empty for what is elsewhere.
    var floor: String { path.hasPrefix("Sources/") ? folder(1) : "" }

    /// The room the file is in: a folder of a floor, of `Clients/CommandLine`, of `Clients` or of
    /// `Tests`.
    var room: String { folder(floor.isEmpty && !path.hasPrefix("Clients/CommandLine/") ? 1 : 2) }

    private func folder(_ depth: Int) -> String {
      let names = path.split(separator: "/")
      return names.count > depth + 1 ? String(names[depth]) : ""
    }

    /// Whether a program wrote the file.
    var isGenerated: Bool { path.contains("/Generated/") }

    /// The modules that the file imports.
    var imports: [String] {
      lines.compactMap { line in
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place < words.count - 1,
          words[..<place].allSatisfy({ Self.importModifiers.contains($0) })
        else { return nil }
        return String(words[place + 1])
      }
    }

    /// Where functions begin, and how many lines each has, the first and the last counted.
    var functions: [(line: Int, lineCount: Int)] {
      lines.indices.compactMap { start in
        let line = lines[start]
        guard line.hasSuffix("{") || line.hasSuffix("("),
          line.contains(/^ *(@\w+ )?(\w+(\(\w+\))? )*(func |init[?(<]|subscript)/)
        else { return nil }
        let indent = line.prefix { $0 == " " }
        let end = lines[start...].dropFirst().firstIndex { $0.hasPrefix(indent + "}") }
        return end.map { (start + 1, $0 - start + 1) }
      }
    }

    private static let importModifiers: Set<Substring> = [
      "public", "package", "internal", "private", "fileprivate", "@unsafe", "@preconcurrency",
      "@_exported", "@testable",
    ]
  }

  /// The package's folder.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The Swift files under a folder, in the order of their paths.
  static func files(under folders: String...) throws -> [File] {
    var files: [File] = []
    for folder in folders {
      let start = root.appendingPathComponent(folder)
      let walk = FileManager.default.enumerator(atPath: start.path)
      for case let path as String in try walk.found() where path.hasSuffix(".swift") {
        if path.contains(".build") { continue }
        let text = try String(contentsOf: start.appendingPathComponent(path), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        files.append(File(path: "\(folder)/\(path)", lines: lines))
      }
    }
    return files.sorted { $0.path < $1.path }
  }

  /// The folders in a folder.
  static func folders(in folder: String) throws -> [String] {
    let start = root.appendingPathComponent(folder)
    return try FileManager.default.contentsOfDirectory(atPath: start.path).filter { name in
      var isFolder: ObjCBool = false
      let path = start.appendingPathComponent(name).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && isFolder.boolValue
    }
  }
}

extension Optional {
  /// The value; a test that looks at nothing would prove nothing.
  fileprivate func found() throws -> Wrapped {
    guard let self else { throw CocoaError(.fileReadNoSuchFile) }
    return self
  }
}
