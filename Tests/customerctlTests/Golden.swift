import Foundation
import Testing

/// Compares a text with the whole of a file in `Golden/`; `UPDATE_GOLDEN=1` rewrites the file.
func expectGolden(
  _ text: String,
  _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
  let text = text + "\n"
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
    try Data(text.utf8).write(to: file, options: .atomic)
  }
  let golden = try String(decoding: Data(contentsOf: file), as: UTF8.self)
  #expect(text == golden, "differs from \(name)", sourceLocation: sourceLocation)
}
