import CustomerStore
import DispatchSockets
import Foundation
import TTRPC
import TestSupport
import Testing

@testable import TTRPCServer
@testable import customerd

/// Lines as they are written.
@Suite struct EventLogTests {
  private let folder: TemporaryFolder
  private let file: FileHandle
  private let loop = EventLoop(label: "test log")

  init() throws {
    folder = try TemporaryFolder()
    file = try #require(FileHandle(forUpdatingAtPath: folder.write("", to: "log")))
  }

  /// 2026-01-02T03:04:05.000006Z, as `date -u -d @1767323045` says.
  private static let microseconds: Int64 = 1_767_323_045_000_006

  private func log(_ format: LogFormat, _ file: FileHandle? = nil) -> EventLog {
    EventLog(
      (file ?? self.file).fileDescriptor,
      format: format,
      microseconds: { Self.microseconds },
      on: loop
    )
  }

  /// What was written, once the log is closed.
  private func lines(_ log: EventLog) throws -> [String] {
    log.close()
    let text = try String(contentsOfFile: folder.file("log"), encoding: .utf8)
    return text.split(separator: "\n").map(String.init)
  }

  private func info(_ program: String = "billing") -> ConnectionInfo {
    let peer = PeerIdentity(userID: 1000, groupID: 1000, processID: 42, program: program)
    return ConnectionInfo(id: 7, peer: peer)
  }

  @Test func textIsTheTimeAndWords() throws {
    let log = log(.text)
    log.write(.connectionAccepted(info()))
    log.write(.handlerFailed(info(), method: "a.B/C", error: "the disk\nis gone"))
    #expect(
      try lines(log) == [
        "2026-01-02T03:04:05.000006Z connection 7 (uid=1000 pid=42 billing) connected",
        """
        2026-01-02T03:04:05.000006Z connection 7 (uid=1000 pid=42 billing): a.B/C: \
        the disk\\nis gone
        """,
      ]
    )
  }

  @Test func jsonIsAnObjectALine() throws {
    let log = log(.json)
    log.write(.connectionAccepted(info()))
    #expect(
      try lines(log) == [
        """
        {"time":"2026-01-02T03:04:05.000006Z","event":"connected",\
        "text":"connection 7 (uid=1000 pid=42 billing) connected","connection":"7","uid":"1000",\
        "pid":"42","program":"billing"}
        """
      ]
    )
  }

  @Test func whatRepeatsIsOneLineWithANumber() throws {
    let log = log(.text)
    for _ in 0..<1000 { log.write(.protocolError(info(), "bad frame")) }
    let lines = try lines(log)
    #expect(lines.count == 6)
    #expect(lines.last?.hasSuffix("bad frame (1 of 995 in 1 s)") == true, "\(lines)")
  }

  @Test func theNumberOfARepetitionIsAMemberOfJSON() throws {
    let log = log(.json)
    let event = StoreEvent.erasingFailed(reason: "disk full")
    for _ in 0..<100 { log.write(event) }
    let lines = try lines(log)
    #expect(lines.count == 2)
    #expect(lines.last?.hasSuffix(#","reason":"disk full","count":"99","seconds":"60"}"#) == true)
  }

  /// A pause's end is looked after while nothing else happens.
  @Test func whatWasHeldBackIsToldInTime() async throws {
    let pipe = Pipe()
    let log = log(.text, pipe.fileHandleForWriting)
    for _ in 0..<100 { log.write(.protocolError(info(), "bad frame")) }
    let reading = pipe.fileHandleForReading
    let count = await Task.detached {
      var text = ""
      while !text.contains("(1 of 95 in 1 s)") {
        text += String(decoding: reading.availableData, as: UTF8.self)
      }
      return text.split(separator: "\n").count
    }.value
    #expect(count == 6)
    log.close()
  }

  @Test(arguments: LogFormat.allCases)
  func aPeersTextIsCutAndStaysInItsLine(_ format: LogFormat) throws {
    let log = log(format)
    let long = "\u{2028}\r\n\"\\\u{7F}" + String(repeating: "é\u{1}", count: 100_000)
    for event in Self.allEvents(info(long), long) { log.write(event) }
    let lines = try lines(log)
    #expect(lines.count == Self.allEvents(info(long), long).count)
    for line in lines {
      #expect(line.utf8.count < 30_000)
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  private static func allEvents(_ info: ConnectionInfo, _ text: String) -> [ServerEvent] {
    [
      .listening(path: text), .acceptFailed(text), .connectionAccepted(info),
      .connectionRefused(info.peer, .unknownPeer(text)),
      .connectionClosed(info, .socketFailed(text), openCallCount: 3), .protocolError(info, text),
      .handlerFailed(info, method: text, error: text),
      .callEnded(CallRecord(connection: info, method: text, code: .ok, duration: .seconds(1))),
      .draining(openCallCount: 1), .drained,
    ]
  }

  /// Read by another program's parser, with all that JSON must escape.
  @Test func everyLineIsJSON() throws {
    let log = log(.json)
    var text = String(decoding: (0..<0x100).map { UInt8($0) }, as: UTF8.self)
    text += "\u{2028}\u{FFFF}\u{10FFFF}"
    for event in Self.allEvents(info(text), text) { log.write(event) }
    log.fail(text, advice: text)
    let lines = try lines(log)
    #expect(lines.count == Self.allEvents(info(text), text).count + 1)
    for line in lines {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
      #expect(object?["event"]?.isEmpty == false, "\(line)")
      if let reason = object?["reason"], reason.hasPrefix("\0") { #expect(reason == text) }
    }
  }

  @Test func theReasonToEndIsWhatProgramsSay() throws {
    let log = log(.text)
    log.fail("no such file", advice: "name another")
    #expect(try lines(log) == ["customerd: no such file", "customerd: name another"])
  }

  @Test func aReaderWhoDoesNotReadKeepsNobodyWaiting() throws {
    let pipe = Pipe()
    let log = log(.text, pipe.fileHandleForWriting)
    let clock = ContinuousClock()
    let duration = clock.measure {
      for number in 0..<10_000 {
        log.write(.handlerFailed(info(), method: "m", error: "\(number)"))
        log.write("once", String(repeating: "x", count: 900))
      }
      log.close()
    }
    #expect(duration < .seconds(10))
  }
}
