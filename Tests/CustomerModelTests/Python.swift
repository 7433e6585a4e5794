import Foundation

/// Python, whose standard library and packages say what is expected.
///
/// Found as `$PYTHON`, else as `python3` on the path. A test that needs it is skipped where it
/// or a package is absent, but fails where `CI` is `true`.
enum Python {
  /// Whether a test that imports the modules can run, or must.
  static func isThere(with modules: String...) -> Bool {
    if ProcessInfo.processInfo.environment["CI"] == "true" { return true }
    let imports = "import sys" + modules.map { ", \($0)" }.joined()
    return (try? run(imports, input: [])) != nil
  }

  /// Runs a script once over lines.
  ///
  /// - Parameters:
  ///   - script: Reads the lines `lines` and prints.
  ///   - input: The lines.
  /// - Returns: The lines it printed.
  /// - Throws: ``PythonError`` if it ended otherwise than well.
  static func run(_ script: String, input: [String]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
      .appending(component: "customermodel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (inputFile, outputFile) = (
      folder.appending(component: "in"), folder.appending(component: "out")
    )
    try Data(input.joined(separator: "\n").utf8).write(to: inputFile)
    try Data().write(to: outputFile)
    let prelude = """
      import sys
      lines = open(sys.argv[1], encoding="utf-8").read().split("\\n")
      def decode(line): return "".join(chr(int(digits, 16)) for digits in line.split())
      def encode(text): return " ".join(format(ord(character), "x") for character in text)

      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let program = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"
    process.arguments = [program, "-c", prelude + script, inputFile.path()]
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw PythonError(status: process.terminationStatus)
    }
    let output = String(decoding: try Data(contentsOf: outputFile), as: UTF8.self)
    return output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
      String.init
    )
  }

  /// A text as hexadecimal code points, which any line can hold.
  static func encode(_ text: some StringProtocol) -> String {
    text.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: " ")
  }
}

/// Python is absent, lacks a package, or the script is wrong.
struct PythonError: Error {
  var status: Int32
}
