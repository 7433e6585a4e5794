import Dispatch
import Terminal

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#else
@preconcurrency import Darwin
#endif

/// The terminal that the program was started on: standard input and output.
@MainActor final class TerminalDevice: ConsoleDevice {
  /// A screen of its own, no wrapping at the right edge, pastes marked, no cursor.
  private static let begin = "\u{1B}[?1049h\u{1B}[?7l\u{1B}[?2004h\u{1B}[?25l"

  /// Clicks and the wheel are told, in SGR's form.
  private static let mouse = "\u{1B}[?1000h\u{1B}[?1006h"

  /// How often the program stops because it is sent to the background.
  private static let stopsMax = 100

  private let input: CInt = 0
  private let output: CInt = 1
  private let usesMouse: Bool
  private let modes: termios
  private var sources: [any DispatchSourceProtocol] = []
  private let tell: @MainActor (DeviceEvent) -> Void
  private var isEntered = false

  /// Opens the terminal; nil if standard input isn't one.
  ///
  /// - Parameters:
  ///   - usesMouse: Whether the mouse is the program's, and not the terminal's own to select text.
  ///   - tell: Takes what the terminal tells.
  init?(usesMouse: Bool, tell: @escaping @MainActor (DeviceEvent) -> Void) {
    var modes = termios()
    guard tcgetattr(0, &modes) == 0, let signals = TerminalSignals.install(restoring: modes) else {
      return nil
    }
    self.usesMouse = usesMouse
    self.modes = modes
    self.tell = tell
    listen(to: input) { [weak self] in self?.readInput() }
    listen(to: signals) { [weak self] in self?.readSignals(signals) }
  }

  var size: GridSize {
    var size = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return GridSize(columns: 80, rows: 24)
    }
    return GridSize(columns: Int(size.ws_col), rows: Int(size.ws_row)).limited
  }

  func enter() {
    guard waitForForeground() else { return tell(.ended(signal: nil)) }
    var raw = modes
    cfmakeraw(&raw)
    tcsetattr(input, TCSADRAIN, &raw)
    TerminalSignals.isTaken = true
    isEntered = true
    write(Array((usesMouse ? Self.begin + Self.mouse : Self.begin).utf8))
  }

  /// Stops until the shell puts the program in the foreground.
  ///
  /// The system would stop it by itself, if Dispatch's threads didn't block the signal.
  ///
  /// - Returns: Whether it is there: where nobody can, a stop has no effect.
  private func waitForForeground() -> Bool {
    for _ in 0..<Self.stopsMax where tcgetpgrp(input) != getpgrp() {
      TerminalSignals.obey(SIGTTIN)
    }
    return tcgetpgrp(input) == getpgrp()
  }

  func leave() {
    guard isEntered else { return }
    isEntered = false
    TerminalSignals.restore()
  }

  func suspend() {
    leave()
    // The others of the job stop too, as if the terminal had sent it.
    signal(SIGTSTP, SIG_IGN)
    kill(0, SIGTSTP)
    TerminalSignals.obey(SIGTSTP)
    TerminalSignals.listen(SIGTSTP)
    enter()
  }

  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { memory in
        #if canImport(Darwin)
        Darwin.write(output, memory.baseAddress, memory.count)
        #elseif canImport(Musl)
        Musl.write(output, memory.baseAddress, memory.count)
        #else
        Glibc.write(output, memory.baseAddress, memory.count)
        #endif
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var event = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        poll(&event, 1, -1)
      } else if errno != EINTR {
        return tell(.ended(signal: nil))
      }
    }
  }

  private func listen(to descriptor: CInt, _ read: @escaping @MainActor () -> Void) {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
    source.setEventHandler { MainActor.assumeIsolated(read) }
    source.activate()
    sources.append(source)
  }

  private func readInput() {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = TerminalSignals.read(input, &bytes)
    if count > 0 {
      tell(.bytes(Array(bytes.prefix(count))))
    } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
      stopListening()
      tell(.ended(signal: nil))
    }
  }

  private func readSignals(_ pipe: CInt) {
    var numbers = [UInt8](repeating: 0, count: 64)
    let count = TerminalSignals.read(pipe, &numbers)
    for number in numbers.prefix(max(count, 0)) {
      switch Int32(number) {
      case SIGWINCH: tell(.resized)
      case SIGTSTP:
        suspend()
        tell(.resumed)
      case SIGCONT where isEntered:
        // Stopped without being asked: the shell has set the terminal as it likes it.
        enter()
        tell(.resumed)
      case SIGTERM, SIGHUP, SIGINT, SIGQUIT:
        stopListening()
        tell(.ended(signal: Int32(number)))
      default: break
      }
    }
  }

  /// Ends the sources: what is left to read is for the next program.
  func stopListening() {
    for source in sources { source.cancel() }
    sources = []
  }
}
