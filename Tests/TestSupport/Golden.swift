import Foundation
import Testing

/// Compares a text with the whole of a file in `Golden/`; `UPDATE_GOLDEN=1` rewrites the file.
///
/// - Parameters:
///   - text: Without the line feed at its end.
///   - name: The file's name.
///   - tests: The source file that the folder is beside.
///   - sourceLocation: What a difference is reported for.
/// - Throws: If there is no such file.
package func expectGolden(
  _ text: String,
  _ name: String,
  beside tests: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = testFile("Golden/\(name)", beside: tests)
  let text = text + "\n"
  if environment("UPDATE_GOLDEN") == "1" {
    try Data(text.utf8).write(to: file, options: .atomic)
  }
  let golden = try String(decoding: Data(contentsOf: file), as: UTF8.self)
  #expect(text == golden, "differs from \(name)", sourceLocation: sourceLocation)
}

/// The bytes of a file in `Data/`, beside the tests that ask for it.
package func testData(_ name: String, beside tests: String = #filePath) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: testFile("Data/\(name)", beside: tests)))
}

private func testFile(_ name: String, beside tests: String) -> URL {
  URL(filePath: tests).deletingLastPathComponent().appending(path: name)
}
