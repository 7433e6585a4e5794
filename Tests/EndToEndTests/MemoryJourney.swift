import Foundation
import TestSupport
import Testing

/// What the daemon holds in memory doesn't grow with what passes through it.
///
/// `RssAnon` is what the process has for itself; the database is mapped and counts elsewhere
/// (`proc(5)`, `/proc/pid/status`).
@Suite(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
struct MemoryJourney {
  /// Customers of about 24 KB in one file: 17 MB.
  private static let count = 700

  /// Less than that, once caches and buffers have had their first fill: the newest changes that those
  /// who follow share are 2 MiB, and a client that doesn't read has a page and its answers, 2 MiB.
  private static let growthMax = 12 << 20

  /// What a daemon that had done nothing before may keep of a flood of 120 MiB.
  private static let keptMax = 16 << 20

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

  /// Frames that are never ended, on as many connections as fill the budget; then everybody goes.
  @Test func whatAFloodHeldIsGivenBack() async throws {
    let daemon = try await Daemon()
    let base = try anonymousBytes(daemon)
    // The header of a request of 4 MiB, and most of it.
    let frame = [0, 0x40, 0, 0, 0, 0, 0, 1, 1, 0] + [UInt8](repeating: 0x0A, count: 3 << 20)
    var clients: [RawClient] = []
    for _ in 0..<40 {
      let client = try #require(RawClient(daemon.socket))
      client.send(frame)
      clients.append(client)
    }
    #expect(try anonymousBytes(daemon) - base > 60 << 20)
    clients = []
    let end = Date() + 30
    while try anonymousBytes(daemon) - base > Self.keptMax, Date() < end {
      try await Task.sleep(for: .milliseconds(200))
    }
    let kept = try anonymousBytes(daemon) - base
    #expect(kept <= Self.keptMax, "\(kept) bytes more than \(base)")
    await daemon.stop()
  }

  @Test func exportsAndStoppedWatchesTakeNoMemory() async throws {
    let daemon = try await Daemon()
    let file = try daemon.folder.write(rows(), to: "rows.ndjson")
    func importAndExport(_ total: Int) async throws {
      #expect(try await daemon.ctl("import", "--no-hints", file).status == 0)
      for _ in 0..<2 {
        let export = try await daemon.ctl("export", "-o", "ndjson")
        #expect(export.output.count { $0 == UInt8(ascii: "\n") } == total)
      }
    }
    try await importAndExport(Self.count)
    // Whatever reads changes has a connection of its own to the database.
    #expect(try await daemon.ctl("watch", "--from-start", "--stop-at-end").status == 0)
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
    // It reads nothing while as much again is imported, and all is exported.
    kill(watch.processIdentifier, SIGSTOP)
    try await importAndExport(2 * Self.count)
    let grown = try anonymousBytes(daemon) - base
    #expect(grown < Self.growthMax, "\(grown) bytes more than \(base)")
    // Then it goes on, with nothing missing.
    kill(watch.processIdentifier, SIGCONT)
    for _ in 0..<600 {
      let lines = try Data(contentsOf: URL(fileURLWithPath: watched)).count { $0 == 10 }
      if lines == 2 * Self.count { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    let lines = try Data(contentsOf: URL(fileURLWithPath: watched)).count { $0 == 10 }
    #expect(lines == 2 * Self.count)
    kill(watch.processIdentifier, SIGINT)
    await watch.exited()
    await daemon.stop()
  }
}
