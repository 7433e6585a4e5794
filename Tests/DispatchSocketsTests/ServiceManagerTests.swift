import Foundation
import TestSupport
import Testing

@testable import DispatchSockets

/// What sd_notify(3) and sd_watchdog_enabled(3) say of the messages and the variables.
@Suite struct ServiceManagerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A service manager with a socket file.
  private func manager(_ variables: [String: String] = [:]) throws -> (Mailbox, ServiceManager) {
    let path = folder.file("notify")
    let mailbox = try Mailbox(UnixAddress(path: path))
    let variables = variables.merging(["NOTIFY_SOCKET": path]) { $1 }
    return (mailbox, try #require(ServiceManager { variables[$0] }))
  }

  @Test func tellsWhatADaemonIsAt() throws {
    let (mailbox, manager) = try manager()
    manager.tell(status: "opening it")
    manager.tell(.ready, status: "serving")
    manager.tell(.alive)
    manager.tell(.stopping)
    #expect(mailbox.next() == "STATUS=opening it")
    #expect(mailbox.next() == "READY=1\nSTATUS=serving")
    #expect(mailbox.next() == "WATCHDOG=1")
    #expect(mailbox.next() == "STOPPING=1")
  }

  @Test(arguments: [1, 107])
  func findsASocketWithoutAFile(length: Int) throws {
    let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let name = length == 1 ? "~" : random.padding(toLength: length, withPad: "n", startingAt: 0)
    let mailbox = try Mailbox(UnixAddress(abstractName: name))
    let manager = try #require(ServiceManager { ["NOTIFY_SOCKET": "@\(name)"][$0] })
    manager.tell(.ready)
    #expect(mailbox.next() == "READY=1")
  }

  @Test(arguments: [
    nil, "notify", "vsock:2:1234", "/" + String(repeating: "n", count: 107),
    "@" + String(repeating: "n", count: 108),
  ])
  func thereIsNoneWhereNoSocketIsNamed(place: String?) {
    #expect(ServiceManager { $0 == "NOTIFY_SOCKET" ? place : nil } == nil)
  }

  @Test func oneThatDoesNotListenIsNoError() throws {
    let manager = try #require(ServiceManager { _ in folder.file("none") })
    manager.tell(.ready, status: "serving")
  }

  @Test func aStatusIsOneLineOfAThousandCodePoints() throws {
    let (mailbox, manager) = try manager()
    manager.tell(status: "a\nREADY=1\u{7}b")
    #expect(mailbox.next() == "STATUS=a READY=1 b")
    let fits = String(repeating: "é", count: 1000)
    manager.tell(status: fits)
    #expect(mailbox.next() == "STATUS=\(fits)")
    manager.tell(status: fits + "x")
    #expect(mailbox.next() == "STATUS=\(fits)")
  }

  @Test func aManagerThatReadsNothingStopsNobody() throws {
    let (mailbox, manager) = try manager()
    let start = ContinuousClock.now
    for _ in 0..<2000 { manager.tell(.alive) }
    #expect(ContinuousClock.now - start < .seconds(1))
    manager.tell(.stopping)
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(mailbox.next() == "WATCHDOG=1")
  }

  @Test func readinessWaitsForAQueueThatIsFull() async throws {
    let (mailbox, manager) = try manager()
    for _ in 0..<2000 { manager.tell(.alive) }
    async let told: Void = Task.detached { manager.tell(.ready) }.value
    try await Task.sleep(for: .milliseconds(100))
    while mailbox.next() == "WATCHDOG=1" {}
    await told
    #expect(mailbox.last == "READY=1")
  }

  @Test(arguments: [
    (nil, nil, nil), ("200000", nil, Duration.milliseconds(200)), ("0", nil, nil),
    ("-1", nil, nil), ("soon", nil, nil), ("9223372036854775808", nil, nil),
    ("200000", "\(getpid())", .milliseconds(200)), ("200000", "\(getpid() + 1)", nil),
    ("200000", "me", nil),
  ])
  func watchdogIsWhatTheEnvironmentAsksFor(
    _ microseconds: String?,
    _ process: String?,
    _ timeout: Duration?
  ) throws {
    let variables = [
      "NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": microseconds, "WATCHDOG_PID": process,
    ]
    let manager = try #require(ServiceManager { variables[$0] ?? nil })
    #expect(manager.watchdogTimeout == timeout)
  }

  @Test func watchdogHearsTwiceInItsTimeUntilItIsLetGo() throws {
    let (mailbox, manager) = try manager(["WATCHDOG_USEC": "100000"])
    let loop = EventLoop(label: "test")
    let start = ContinuousClock.now
    var watchdog = Watchdog(manager, on: loop)
    #expect(watchdog != nil)
    for _ in 0..<5 { #expect(mailbox.next() == "WATCHDOG=1") }
    #expect(ContinuousClock.now - start >= .milliseconds(200))
    watchdog = nil
    while mailbox.next(within: .milliseconds(300)) != nil {
      #expect(ContinuousClock.now - start < .seconds(10))
    }
  }

  @Test func aLoopThatHangsIsNotAlive() throws {
    let (mailbox, manager) = try manager(["WATCHDOG_USEC": "100000"])
    let loop = EventLoop(label: "test")
    let watchdog = Watchdog(manager, on: loop)
    #expect(mailbox.next() == "WATCHDOG=1")
    loop.run { usleep(1_000_000) }
    while mailbox.next(within: .milliseconds(200)) != nil {}
    #expect(mailbox.next() == "WATCHDOG=1")
    withExtendedLifetime(watchdog) {}
  }

  @Test func nobodyIsToldWhoDoesNotAsk() throws {
    let (_, manager) = try manager()
    #expect(Watchdog(manager, on: EventLoop(label: "test")) == nil)
  }
}

/// A service manager's end of the socket: the messages it gets.
private final class Mailbox {
  private let descriptor: Int32

  /// The message that was taken last.
  private(set) var last: String?

  init(_ address: UnixAddress) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = address
    let descriptor = descriptor
    let result = address.withPointer { bind(descriptor, $0, $1) }
    if result != 0 { throw POSIXError(.EADDRINUSE) }
  }

  deinit { close(descriptor) }

  /// The next message; `nil` if none comes in time.
  func next(within time: Duration = .seconds(5)) -> String? {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&poll, 1, Int32(time / .milliseconds(1))) == 1 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    if count >= 0 { last = String(decoding: bytes[..<count], as: UTF8.self) }
    return count >= 0 ? last : nil
  }
}
