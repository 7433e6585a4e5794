import Foundation
import TestSupport
import Testing

/// Nobody waits for the daemon's log, and nobody fills the disk with it.
@Suite struct LogJourney {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A pipe that is full and that nobody reads, by its path; it is one as long as it is kept.
  private final class FullPipe {
    let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
      self.path = path
      try #require(mkfifo(path, 0o600) == 0)
      descriptor = open(path, O_RDWR | O_NONBLOCK)
      let block = [UInt8](repeating: UInt8(ascii: "\n"), count: 4096)
      while write(descriptor, block, block.count) > 0 {}
    }

    deinit { close(descriptor) }
  }

  @Test(arguments: ["text", "json"])
  func aLogThatNobodyReadsKeepsNobodyWaiting(_ format: String) async throws {
    let pipe = try FullPipe(folder.file("log"))
    let daemon = try await Daemon(["--log", format, "--log-calls"], errors: pipe.path)
    #expect(RawClient.flood(daemon.socket, 2000) == 2000)
    #expect(try await daemon.ctl("create", "firstName=Ann").status == 0)
    #expect(RawClient.flood(daemon.socket, 2000) == 2000)
    #expect(try await daemon.ctl("list", "-o", "id").text.split(separator: "\n").count == 1)
    let clock = ContinuousClock()
    let start = clock.now
    let status = await daemon.stop()
    #expect(status == 0)
    #expect(start.duration(to: clock.now) < .seconds(6))
    withExtendedLifetime(pipe) {}
  }

  /// A handful of lines for what one process repeats, and all of it in their numbers.
  @Test func aFloodIsAFewLinesWithNumbers() async throws {
    let daemon = try await Daemon()
    let clock = ContinuousClock()
    let begin = clock.now
    let count = 3000
    #expect(RawClient.flood(daemon.socket, count) == count)
    let seconds = Int(begin.duration(to: clock.now).components.seconds) + 1
    #expect(await daemon.stop() == 0)
    let lines = daemon.log.split(separator: "\n")
    let own = lines.filter { $0.contains("pid=\(getpid()) ") }
    // Five of each of three kinds, and one a second for the others.
    #expect(own.count <= 3 * (5 + seconds + 1), "\(own.count) lines in \(seconds) s")
    for kind in [" connected", "gone: the peer doesn't keep to the protocol"] {
      let numbers = own.filter { $0.contains(kind) }.map { line in
        line.firstMatch(of: /\(1 of (\d+) in/).flatMap { Int($0.1) } ?? 1
      }
      #expect(numbers.reduce(0, +) == count, "\(kind): \(own)")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDiskForTheLogHurtsNobody() async throws {
    let daemon = try await Daemon(["--log-calls"], errors: "/dev/full")
    #expect(RawClient.flood(daemon.socket, 500) == 500)
    #expect(try await daemon.ctl("create", "firstName=Ann").status == 0)
    #expect(await daemon.stop() == 0)
  }

  /// With standard error closed, the next file that is opened would be where events go.
  @Test(arguments: ["2>&-", "0<&- 1>&- 2>&-"])
  func closedStreamsAreNoFiles(_ redirections: String) async throws {
    let line = "exec \"$0\" --socket \"$1/s\" --database \"$1/db\" \(redirections)"
    let program = try Program.built("customerd")
    let daemon = try Program(path: "/bin/sh").start(["-c", line, program.path, folder.path])
    let ctl = try Program.built("customerctl")
    let end = Date() + 20
    while try await ctl.finish(["--socket", folder.file("s"), "status"]).status != 0, Date() < end {
      try await Task.sleep(for: .milliseconds(20))
    }
    let created = try await ctl.finish(["--socket", folder.file("s"), "create", "firstName=Ann"])
    #expect(created.status == 0, "\(created.errors)")
    let lock = try String(contentsOfFile: folder.file("db.lock"), encoding: .utf8)
    #expect(lock == "\(daemon.processIdentifier)\n")
    kill(daemon.processIdentifier, SIGTERM)
    await daemon.exited()
    #expect(daemon.exitStatus == 0)
    let check = try await program.finish(["--check", "--database", folder.file("db")])
    #expect(check.status == 0, "\(check.text)")
  }
}
