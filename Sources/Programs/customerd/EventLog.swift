import Arguments
import DispatchSockets
import Locks
import WellKnownTypes

/// Writes what happens to standard error, an event a line; nobody waits for it.
///
/// Lines are written on a thread of their own. Where they can't be, or are too many, they are
/// dropped, and a line says how many; what repeats is one line with a number (``RepeatFilter``).
final class EventLog: Sendable {
  private let format: LogFormat
  private let microseconds: @Sendable () -> Int64
  private let lines: LineWriter
  private let state = Lock(State())

  private struct State {
    var filter = RepeatFilter()
    var timer: LoopTimer?
    var timerInstant: ContinuousClock.Instant?
  }

  /// The longest text of an event or of one of its fields, in code points: a statement of SQL or a
  /// path has room, and a peer's text doesn't fill the disk.
  static let textLengthMax = 1000

  /// How long the lines that wait may take when the daemon ends.
  static let flushDuration = Duration.seconds(1)

  /// Opens the log.
  ///
  /// - Parameters:
  ///   - descriptor: Where lines go.
  ///   - format: How events are written.
  ///   - microseconds: The time, since 1970-01-01T00:00:00Z.
  ///   - loop: Where it is looked after whether something that was held back is to be told.
  init(
    _ descriptor: Int32,
    format: LogFormat,
    microseconds: @escaping @Sendable () -> Int64,
    on loop: EventLoop
  ) {
    self.format = format
    self.microseconds = microseconds
    lines = LineWriter(descriptor) { count in
      let text = count == 1 ? "1 line was dropped" : "\(count) lines were dropped"
      let line = LogLine(event: "dropped", text: text, fields: [.init("lines", "\(count)")])
      return Self.text(of: line, at: microseconds(), format)
    }
    let timer = loop.after(.seconds(1)) { [weak self] in self?.tell() }
    state.withLock { $0.timer = timer }
  }

  /// Takes an event; its line is made only if it is written.
  func write(_ event: LogEvent, _ line: () -> LogLine) {
    let now = ContinuousClock.now
    state.withLock { state in
      if let line = state.filter.admit(event, at: now, line) { write(line) }
      arm(&state, now)
    }
  }

  /// Writes that something has happened that happens once.
  func write(_ name: String, _ text: String, _ fields: [LogLine.Field] = []) {
    write(LogEvent(name: name)) { LogLine(event: name, text: text, fields: fields) }
  }

  /// Says why the daemon ends, as programs do: with its name in front, and without the time.
  func fail(_ reason: String, advice: String?) {
    switch format {
    case .text:
      for text in [reason, advice].compactMap(\.self) { lines.write("customerd: \(text)") }
    case .json:
      let advice = advice.map { [LogLine.Field("advice", $0)] } ?? []
      write(LogLine(event: "failed", text: reason, fields: advice))
    }
  }

  /// Tells what was held back, and waits for what is still to be written, but not for long.
  func close() {
    state.withLock { state in
      for line in state.filter.finish(at: .now) { write(line) }
      state.timer?.cancel()
    }
    lines.flush(within: Self.flushDuration)
  }

  // MARK: Lines

  private func write(_ line: LogLine) {
    lines.write(Self.text(of: line, at: microseconds(), format))
  }

  /// Tells what was held back and is due.
  private func tell() {
    let now = ContinuousClock.now
    state.withLock { state in
      state.timerInstant = nil
      for line in state.filter.close(at: now) { write(line) }
      arm(&state, now)
    }
  }

  private func arm(_ state: inout State, _ now: ContinuousClock.Instant) {
    guard let end = state.filter.nextEnd, state.timerInstant.map({ end < $0 }) ?? true else {
      return
    }
    state.timerInstant = end
    state.timer?.rearm(after: now.duration(to: end))
  }

  /// A line as it is written.
  static func text(of line: LogLine, at microseconds: Int64, _ format: LogFormat) -> String {
    let time = Timestamp(nanosecondsSince1970: microseconds * 1000).rfc3339 ?? ""
    let text = Words.escaped(line.text, scalarsMax: textLengthMax)
    let seconds = max(1, line.duration.components.seconds)
    switch format {
    case .text:
      let number = line.count > 1 ? " (1 of \(line.count) in \(seconds) s)" : ""
      return "\(time) \(text)\(number)"
    case .json:
      var members = [
        LogLine.Field("time", time), .init("event", line.event), .init("text", text),
      ]
      members += line.fields
      if line.count > 1 {
        members += [.init("count", "\(line.count)"), .init("seconds", "\(seconds)")]
      }
      let object = members.map { "\(quoted($0.name)):\(quoted($0.value))" }
      return "{\(object.joined(separator: ","))}"
    }
  }

  /// A text as JSON has it (RFC 8259, section 7), cut where it is too long.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == textLengthMax {
        // The text is cut already, and its mark is the one that stands here.
        quoted += "…"
        break
      }
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
