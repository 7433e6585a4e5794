import CustomerFormats
import CustomerModel
import WellKnownTypes

extension ConsoleContext {
  /// Who made a change, in short; this very console is `you`.
  func name(of author: Author?) -> String {
    guard let author else { return "unknown" }
    if author.processID == processID { return "you" }
    if !author.program.isEmpty { return author.program }
    return author.userID.map { "user \($0)" } ?? "unknown"
  }

  /// Who made a change, with what the kernel says.
  func detail(of author: Author?) -> String {
    let numbers = [
      author?.userID.map { "user \($0)" }, author?.processID.map { "process \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
    let name = name(of: author)
    return numbers.isEmpty || author?.program.isEmpty ?? true ? name : "\(name) (\(numbers))"
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
