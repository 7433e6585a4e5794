import Arguments
import CustomerClient
import CustomerConsole
import CustomerModel
import Terminal

/// Shows customers on the full screen.
enum Console {
  static let plain = Option(flag: "plain", help: "lines and numbers instead of a full screen")
  static let mouse = Option(
    flag: "mouse",
    help: "clicks and the wheel too; the terminal then selects text with Shift held"
  )

  static let command = Command(
    "console",
    summary: "shows customers on the full screen, to read and to change",
    examples: [
      .init("customerctl console"),
      .init("customerctl console --plain", "for screen readers"),
    ],
    discussion: "Plain too where TERM is dumb or not set. In it, ? names the keys.",
    options: [plain, mouse]
  )
}

extension Session {
  /// `console [--plain | --mouse]`.
  func console() async throws -> ExitStatus {
    let terminal = environment("TERM") ?? "dumb"
    if invocation[Console.plain] || terminal.isEmpty || terminal == "dumb" {
      let explain = { Failure($0, socket: socket).lines }
      let console = PlainConsole(
        client: client,
        streams: streams,
        context: .current,
        explain: explain
      )
      try await console.run()
      return .success
    }
    guard streams.isInputTerminal, streams.isOutputTerminal else {
      throw Failure(
        lines: ["the console needs a terminal", "console --plain reads and writes lines"],
        .usage
      )
    }
    let usesColors = (environment("NO_COLOR") ?? "").isEmpty
    let signal = try await Self.showConsole(
      client,
      usesColors: usesColors,
      usesMouse: invocation[Console.mouse]
    )
    guard let signal else {
      return .success
    }
    TerminalSignals.obey(signal)
    return .interrupted
  }

  /// Shows the full screen.
  ///
  /// - Returns: The signal that ended it, if one did.
  @MainActor private static func showConsole(
    _ client: CustomerClient,
    usesColors: Bool,
    usesMouse: Bool
  ) async throws -> Int32? {
    let relay = DeviceRelay()
    guard let device = TerminalDevice(usesMouse: usesMouse, tell: { relay.run?.take($0) }) else {
      throw Failure("the terminal doesn't let itself be taken over", .failure)
    }
    let run = ConsoleRun(
      client: client,
      device: device,
      context: .current,
      clock: ConsoleContext.now,
      usesColors: usesColors
    )
    relay.run = run
    await run.run()
    device.stopListening()
    return run.endSignal
  }
}

/// Brings what the terminal tells to the console, which is made after it.
@MainActor private final class DeviceRelay {
  weak var run: ConsoleRun?
}
