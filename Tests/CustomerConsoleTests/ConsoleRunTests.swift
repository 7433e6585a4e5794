import CommandLineTestSupport
import CustomerClient
import CustomerModel
import Testing

@testable import CustomerConsole
@testable import Terminal

/// The shell around the core: calls don't block keys, screens reach the terminal.
@MainActor @Suite struct ConsoleRunTests {
  private let device = DeviceInMemory()

  private func run(_ calls: any ConsoleCalls) -> ConsoleRun {
    ConsoleRun(
      calls: calls,
      device: device,
      context: ConsoleDriver.context,
      clock: { ConsoleDriver.now },
      usesColors: true
    )
  }

  private func store() -> FakeStore {
    let store = FakeStore()
    store.pageSizeMax = 1000
    store.customers = ConsoleSample.all
    return store
  }

  /// A store whose answers take their time; it notes which nobody waited for.
  private func slowStore(_ delay: Duration) -> FakeStore {
    let store = store()
    store.pause = { [unowned store] request throws(CustomerError) in
      guard !request.hasPrefix("watch") else { return }
      do {
        try await Task.sleep(for: delay)
      } catch {
        store.requests.append("cancelled \(request)")
        throw .cancelled(outcome: .perhapsDone)
      }
    }
    return store
  }

  @Test(.timeLimit(.minutes(1))) func keysNeverWaitForTheDaemon() async {
    let console = run(slowStore(.seconds(3600)))
    async let end: Void = console.run()
    await device.shows("Reading customers")
    console.take(.bytes(Array("/ann".utf8)))
    await device.shows("Search  ann")
    console.take(.bytes(Array("\u{1B}".utf8)))
    await device.shows("a Add New")
    console.take(.bytes(Array("aNina".utf8)))
    await device.shows("First Name        Nina")
    console.take(.bytes([0x13]))
    await device.shows("the daemon is asked")
    console.take(.bytes([0x03]))
    await device.shows("Quit without saving?")
    console.take(.bytes(Array("q".utf8)))
    await end
    #expect(device.log == ["enter", "leave"])
  }

  @Test(.timeLimit(.minutes(1))) func aSearchThatIsReplacedIsCancelled() async {
    let calls = slowStore(.seconds(3600))
    let console = run(calls)
    async let end: Void = console.run()
    await device.shows("Reading customers")
    for letter in "ann" {
      console.take(.bytes(Array(String(letter == "a" ? "/a" : String(letter)).utf8)))
      try? await Task.sleep(for: .milliseconds(20))
    }
    func cancelled() -> [String] {
      calls.requests.filter { $0.hasPrefix("cancelled search") }
        .map { String($0.split(separator: "'")[1]) }
    }
    while cancelled().count < 2 { try? await Task.sleep(for: .milliseconds(2)) }
    #expect(cancelled() == ["a", "an"])
    console.take(.bytes([0x1B]))
    while cancelled().count < 3 { try? await Task.sleep(for: .milliseconds(2)) }
    console.take(.bytes(Array("q".utf8)))
    await end
  }

  @Test(.timeLimit(.minutes(1))) func aSlowDaemonIsServedAllTheSame() async {
    let store = slowStore(.milliseconds(100))
    let console = run(store)
    async let end: Void = console.run()
    await device.shows("zoe@example.com")
    console.take(.bytes(Array("aNina\tNew".utf8)))
    console.take(.bytes([0x13]))
    await device.shows("Nina New is created")
    console.take(.bytes([0x0D]))
    console.take(.bytes(Array("\t\t-Old".utf8)))
    console.take(.bytes([0x13]))
    await device.shows("Saved as version 2")
    #expect(store.customers.last?.lastName == "New-Old")
    #expect(store.requests.contains("update last_name"))
    console.take(.bytes(Array("\u{1B}".utf8)))
    await device.shows("a Add New")
    console.take(.bytes(Array("d\r".utf8)))
    await device.shows("is deleted; u undoes it")
    #expect(store.customers.count == 8)
    console.take(.bytes(Array("u".utf8)))
    await device.shows("is back")
    #expect(store.customers.last?.lastName == "New-Old")
    console.take(.bytes(Array("q".utf8)))
    await end
  }

  @Test(.timeLimit(.minutes(1))) func anotherSizeIsDrawnWhole() async {
    let console = run(store())
    async let end: Void = console.run()
    await device.shows("zoe@example.com")
    device.resize(GridSize(columns: 100, rows: 30))
    console.take(.resized)
    await device.shows("2026-02-28 21:00")
    #expect(device.terminal.screen == console.state.render())
    console.take(.bytes(Array("q".utf8)))
    await end
  }

  @Test(.timeLimit(.minutes(1))) func afterAStopEverythingIsDrawnAnew() async {
    let console = run(store())
    async let end: Void = console.run()
    await device.shows("zoe@example.com")
    console.take(.bytes([0x1A]))
    #expect(device.log == ["enter", "suspend"])
    await device.shows("zoe@example.com")
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

  /// Waits until a text stands on the screen.
  func shows(_ text: String) async {
    while !(0..<size.rows).contains(where: { terminal.grid.text(ofRow: $0).contains(text) }) {
      try? await Task.sleep(for: .milliseconds(2))
    }
  }
}
