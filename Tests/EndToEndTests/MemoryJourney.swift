import Foundation
import TestSupport
import Testing

/// What the daemon holds in memory doesn't grow with what passes through it.
///
/// `RssAnon` is what the process has for itself; the database is mapped and counts elsewhere
/// (`proc(5)`, `/proc/pid/status`).
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
struct MemoryJourney {
  /// Customers of about 24 KB: 60 MB in all.
  private static let count = 2500

  /// Much less than that, and room for what caches and buffers are allowed.
  private static let growthMax = 32 << 20

  private func anonymousBytes(_ daemon: Daemon) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(daemon.processID)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
    return try #require(Int(line.split(separator: " ")[1])) * 1024
  }

  /// NDJSON of large customers.
  private func rows() -> String {
    let value = String(repeating: "x", count: 490)
    let attributes = (0..<48).map { "\"a\($0)\": \"\(value)\"" }.joined(separator: ", ")
    return (0..<Self.count).map { number in
      "{\"firstName\": \"N\(number)\", \"attributes\": {\(attributes)}}\n"
    }.joined()
  }

  @Test func exportsAndStoppedWatchesTakeNoMemory() async throws {
    let daemon = try await Daemon()
    let small = try daemon.folder.write(#"{"firstName": "First"}"# + "\n", to: "small.ndjson")
    #expect(try await daemon.ctl("import", small).status == 0)
    let base = try anonymousBytes(daemon)
    let watched = daemon.folder.file("watched")
    _ = try daemon.folder.write("", to: "watched")
    let watch = try Program.built("customerctl").start(
      ["--socket", daemon.socket, "watch", "--from-start"],
      output: watched,
      errors: "/dev/null"
    )
    while try String(contentsOfFile: watched, encoding: .utf8).isEmpty {
      try await Task.sleep(for: .milliseconds(20))
    }
    // It reads nothing while all is imported and exported twice.
    kill(watch.processIdentifier, SIGSTOP)
    let file = try daemon.folder.write(rows(), to: "rows.ndjson")
    #expect(try await daemon.ctl("import", file).status == 0)
    for _ in 0..<2 {
      let export = try await daemon.ctl("export", "-o", "ndjson")
      #expect(export.output.count { $0 == UInt8(ascii: "\n") } == Self.count + 1)
    }
    let grown = try anonymousBytes(daemon) - base
    #expect(grown < Self.growthMax, "\(grown) bytes more")
    // Then it goes on, with nothing missing.
    kill(watch.processIdentifier, SIGCONT)
    for _ in 0..<600 {
      let lines = try Data(contentsOf: URL(fileURLWithPath: watched)).count { $0 == 10 }
      if lines > Self.count { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    let lines = try Data(contentsOf: URL(fileURLWithPath: watched)).count { $0 == 10 }
    #expect(lines == Self.count + 1)
    kill(watch.processIdentifier, SIGINT)
    await watch.exited()
    await daemon.stop()
  }
}
