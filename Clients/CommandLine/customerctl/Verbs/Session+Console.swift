import Arguments
import CustomerModel

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#else
@preconcurrency import Darwin
#endif

extension Session {
  /// `console [--plain | --mouse]`.
  func console() async throws -> ExitStatus {
    let terminal = environment("TERM") ?? "dumb"
    if invocation[Options.plain] || terminal.isEmpty || terminal == "dumb" {
      return try await PlainConsole(calls: calls, streams: streams, socket: socket).run()
    }
    guard streams.isInputTerminal, streams.isOutputTerminal else {
      throw Failure(
        lines: ["the console needs a terminal", "console --plain reads and writes lines"],
        .usage
      )
    }
    let usesColors = (environment("NO_COLOR") ?? "").isEmpty
    let signal = try await Self.showConsole(
      calls,
      usesColors: usesColors,
      usesMouse: invocation[Options.mouse]
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
    _ calls: any CustomerCalls,
    usesColors: Bool,
    usesMouse: Bool
  ) async throws -> Int32? {
    let relay = DeviceRelay()
    guard let device = TerminalDevice(usesMouse: usesMouse, tell: { relay.run?.take($0) }) else {
      throw Failure("the terminal doesn't let itself be taken over", .failure)
    }
    let run = ConsoleRun(
      calls: calls,
      device: device,
      context: .current,
      clock: { Int64(time(nil)) },
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

extension ConsoleContext {
  /// The world that this process lives in.
  static var current: ConsoleContext {
    ConsoleContext(
      processID: getpid(),
      secondsAheadOfUTC: { seconds in
        var seconds = time_t(seconds)
        var local = tm()
        return localtime_r(&seconds, &local) == nil ? 0 : local.tm_gmtoff
      },
      makeID: {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return UUIDv7Generator.id(
          milliseconds: UInt64(max(now.tv_sec, 0)) * 1000 + UInt64(now.tv_nsec) / 1_000_000,
          randomHigh: .random(in: 0...UInt64.max),
          randomLow: .random(in: 0...UInt64.max)
        )
      }
    )
  }
}
