import CustomerFormats
import CustomerModel
import WellKnownTypes

/// Who made a change, as the daemon saw it: `uid=1000 pid=4242 billing-sync`.
struct Actor: Equatable, Sendable {
  var program = ""
  var processID: Int32?
  var userID: String?

  /// Reads what stands with a change.
  init(_ text: String) {
    var words: [Substring] = []
    for word in text.split(separator: " ") {
      if word.hasPrefix("uid=") {
        userID = String(word.dropFirst(4))
      } else if word.hasPrefix("pid=") {
        processID = Int32(word.dropFirst(4))
      } else if !word.hasPrefix("gid=") {
        words.append(word)
      }
    }
    program = words.joined(separator: " ")
  }

  /// Who it was, in short; this very console is `you`.
  func name(processID own: Int32) -> String {
    if processID != nil, processID == own { return "you" }
    if !program.isEmpty { return program }
    return userID.map { "user \($0)" } ?? "unknown"
  }

  /// Who it was, with what the kernel says.
  func detail(processID own: Int32) -> String {
    let numbers = [userID.map { "user \($0)" }, processID.map { "process \($0)" }]
      .compactMap { $0 }.joined(separator: ", ")
    let name = name(processID: own)
    return numbers.isEmpty || program.isEmpty ? name : "\(name) (\(numbers))"
  }
}

/// Times as people read them, in the time of the clock on the wall.
struct ClockText: Sendable {
  let context: ConsoleContext
  let now: Int64

  /// `2026-03-01 09:30`.
  func minute(_ time: Timestamp?) -> String {
    guard let text = local(time?.seconds) else { return "" }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
  }

  /// `2026-03-01 09:30:05`.
  func second(_ time: Timestamp?) -> String {
    guard let text = local(time?.seconds) else { return "" }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  /// `09:30:05` today, `2026-03-01` on another day.
  func short(_ time: Timestamp?) -> String {
    guard let text = local(time?.seconds) else { return "" }
    guard text.prefix(10) == local(now)?.prefix(10) else { return String(text.prefix(10)) }
    return String(text.dropFirst(11).prefix(8))
  }

  /// How long ago, or how long: `3 d 4 h`.
  static func duration(seconds: Int64) -> String {
    let seconds = max(seconds, 0)
    switch seconds {
    case ..<60: return "\(seconds) s"
    case ..<3600: return "\(seconds / 60) min"
    case ..<86_400: return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    default: return "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
    }
  }

  private func local(_ seconds: Int64?) -> String? {
    guard let seconds, Timestamp.secondsRange.contains(seconds) else { return nil }
    var time = Timestamp()
    time.seconds = seconds + Int64(context.secondsAheadOfUTC(seconds))
    return time.rfc3339
  }
}
