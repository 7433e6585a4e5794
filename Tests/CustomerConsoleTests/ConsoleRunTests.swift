import CommandLineTestSupport
import CustomerClient
import CustomerModel
import Locks
import ServiceInMemory
import TTRPC
import Testing

@testable import CustomerConsole
@testable import Terminal

/// The shell around the core: calls don't block keys, screens reach the terminal.
@MainActor @Suite struct ConsoleRunTests {
  private let device = DeviceInMemory()

  private func run(_ service: ServiceInMemory) -> ConsoleRun {
    let console = ConsoleRun(
      client: service.client,
      device: device,
      context: ConsoleDriver.context,
      clock: { ConsoleDriver.now },
      usesColors: true
    )
    device.giveUp = { [weak console] in console?.take(.ended(signal: 15)) }
    return console
  }

  private func filled() async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    try await service.put(ConsoleSample.all)
    return service
  }

  /// A service whose answers to unary calls take their time; the searches that were given up before.
  private func slow(
    _ delay: Duration
  ) async throws -> (service: ServiceInMemory, givenUp: Lock<[String]>) {
    let service = try await filled()
    let givenUp = Lock<[String]>([])
    service.channel.stage(.unary) { (passage, proceed) async throws(RPCError) in
      do {
        try await Task.sleep(for: delay)
      } catch {
        if passage.method == "SearchCustomers" {
          let search = try SearchCustomersRequest(received: passage.message)
          givenUp.withLock { $0.append(search.query) }
        }
        throw RPCError(.cancelled, "call was cancelled", outcome: .perhapsDone)
      }
      return try await proceed(passage.message)
    }
    return (service, givenUp)
  }

  @Test(.timeLimit(.minutes(1))) func keysNeverWaitForTheDaemon() async throws {
    let console = run(try await slow(.seconds(3600)).service)
    async let end: Void = console.run()
    try await device.shows("Reading customers")
    console.take(.bytes(Array("/ann".utf8)))
    try await device.shows("Search  ann")
    console.take(.bytes(Array("\u{1B}".utf8)))
    try await device.shows("a Add New")
    console.take(.bytes(Array("aNina".utf8)))
    try await device.shows("First Name        Nina")
    console.take(.bytes([0x13]))
    try await device.shows("the daemon is asked")
    console.take(.bytes([0x03]))
    try await device.shows("Quit without saving?")
    console.take(.bytes(Array("q".utf8)))
    await end
    #expect(device.log == ["enter", "leave"])
  }

  @Test(.timeLimit(.minutes(1))) func aSearchThatIsReplacedIsCancelled() async throws {
    let (service, givenUp) = try await slow(.seconds(3600))
    let console = run(service)
    async let end: Void = console.run()
    try await device.shows("Reading customers")
    for letter in "ann" {
      console.take(.bytes(Array(String(letter == "a" ? "/a" : String(letter)).utf8)))
      try? await Task.sleep(for: .milliseconds(20))
    }
    try await device.waits { givenUp.withLock { $0.count } >= 2 }
    #expect(givenUp.withLock { $0 } == ["a", "an"])
    console.take(.bytes([0x1B]))
    try await device.waits { givenUp.withLock { $0.count } >= 3 }
    console.take(.bytes(Array("q".utf8)))
    await end
  }

  @Test(.timeLimit(.minutes(1))) func aSlowDaemonIsServedAllTheSame() async throws {
    let service = try await slow(.milliseconds(100)).service
    let console = run(service)
    async let end: Void = console.run()
    try await device.shows("zoe@example.com")
    console.take(.bytes(Array("aNina\tNew".utf8)))
    console.take(.bytes([0x13]))
    try await device.shows("Nina New is created")
    console.take(.bytes([0x0D]))
    console.take(.bytes(Array("\t\t-Old".utf8)))
    console.take(.bytes([0x13]))
    try await device.shows("Saved as version 2")
    #expect(try await service.all().last?.lastName == "New-Old")
    #expect(service.requests.contains("update last_name"))
    console.take(.bytes(Array("\u{1B}".utf8)))
    try await device.shows("a Add New")
    console.take(.bytes(Array("d\r".utf8)))
    try await device.shows("is deleted; u undoes it")
    #expect(try await service.all().count == 8)
    console.take(.bytes(Array("u".utf8)))
    try await device.shows("is back")
    #expect(try await service.all().last?.lastName == "New-Old")
    console.take(.bytes(Array("q".utf8)))
    await end
  }

  @Test(.timeLimit(.minutes(1))) func anotherSizeIsDrawnWhole() async throws {
    let console = run(try await filled())
    async let end: Void = console.run()
    try await device.shows("zoe@example.com")
    device.resize(GridSize(columns: 100, rows: 30))
    console.take(.resized)
    try await device.shows("2026-02-28 21:00")
    #expect(device.terminal.screen == console.state.render())
    console.take(.bytes(Array("q".utf8)))
    await end
  }

  @Test(.timeLimit(.minutes(1))) func afterAStopEverythingIsDrawnAnew() async throws {
    let console = run(try await filled())
    async let end: Void = console.run()
    try await device.shows("zoe@example.com")
    console.take(.bytes([0x1A]))
    #expect(device.log == ["enter", "suspend"])
    try await device.shows("zoe@example.com")
    console.take(.ended(signal: 15))
    await end
    #expect(console.endSignal == 15)
    #expect(device.log == ["enter", "suspend", "leave"])
  }
}

/// A terminal in memory.
@MainActor final class DeviceInMemory: ConsoleDevice {
  private(set) var size = GridSize(columns: 80, rows: 24)
  private(set) var terminal = TerminalModel(GridSize(columns: 80, rows: 24))
  private(set) var log: [String] = []

  func enter() { log.append("enter") }
  func leave() { log.append("leave") }

  func suspend() {
    log.append("suspend")
    terminal = TerminalModel(size)
  }

  func write(_ bytes: [UInt8]) { terminal.take(bytes) }

  func resize(_ size: GridSize) {
    self.size = size
    terminal = TerminalModel(size)
  }

  /// Ends the console, where a test has waited in vain.
  var giveUp: (() -> Void)?

  /// The screen's rows as text.
  var rows: [String] { (0..<size.rows).map { terminal.grid.text(ofRow: $0) } }

  /// Waits until a text stands on the screen.
  ///
  /// - Throws: If it never does.
  func shows(_ text: String) async throws {
    try await waits { rows.contains { $0.contains(text) } }
  }

  /// Waits until something is true.
  ///
  /// - Throws: If it never is; the console is at its end then.
  func waits(until isTrue: () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while !isTrue() {
      guard ContinuousClock.now < end, !Task.isCancelled else {
        giveUp?()
        throw WaitedInVain(screen: rows)
      }
      try? await Task.sleep(for: .milliseconds(2))
    }
  }
}

/// What a console never showed, and what it showed instead.
private struct WaitedInVain: Error {
  let screen: [String]
}
