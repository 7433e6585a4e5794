/// Which events become lines, and when: what repeats is one line with a number.
///
/// Two things are held back. What one subject (a process that calls, a reason why the store fails)
/// repeats is counted after a few lines, and told as one line at the end of a pause, which grows for
/// as long as it goes on. And of one kind of event, whosever they are, there are only so many lines
/// a second. Whatever isn't told is in the number of a line that is.
///
/// It writes nothing and reads no clock.
struct RepeatFilter {
  typealias Instant = ContinuousClock.Instant

  /// The subjects that are told apart; those beyond have only their kind's limit.
  static let subjectsMax = 4096

  private var subjects: [Key: (rule: LogEvent.Repetition, window: Window)] = [:]
  private var kinds: [String: (linesMax: Int, window: Window)] = [:]

  /// The first moment at which ``close(at:)`` has something to do; `nil` = there is none.
  private(set) var nextEnd: Instant?

  private struct Key: Hashable {
    var name: String
    var subject: LogEvent.Subject
  }

  /// Takes an event.
  ///
  /// - Parameters:
  ///   - event: Its kind and subject, and how often they are told.
  ///   - now: The time.
  ///   - line: Makes its line; called only if somebody will see it.
  /// - Returns: The line, if it is to be written now.
  mutating func admit(_ event: LogEvent, at now: Instant, _ line: () -> LogLine) -> LogLine? {
    if let rule = event.repetition {
      let key = Key(name: event.name, subject: event.subject)
      if subjects[key] == nil, subjects.count < Self.subjectsMax {
        subjects[key] = (rule, window(now, rule.pause))
      }
      if subjects[key]?.window.hold(beyond: rule.linesMax, 1, line) ?? false { return nil }
    }
    return pass(event.name, event.linesPerSecondMax, 1, at: now, line)
  }

  /// Ends the pauses whose time has come.
  ///
  /// - Returns: Lines for what was held back in them.
  mutating func close(at now: Instant) -> [LogLine] {
    var lines: [LogLine] = []
    for (name, kind) in kinds where kind.window.end <= now {
      kinds[name] = nil
      guard let line = kind.window.summary else { continue }
      lines.append(line)
      kinds[name] = (kind.linesMax, window(now, Self.second))
      _ = kinds[name]?.window.hold(beyond: kind.linesMax, 1) { line }
    }
    for (key, subject) in subjects where subject.window.end <= now {
      subjects[key] = nil
      guard let line = subject.window.summary else { continue }
      // It goes on: from now on only the number is told.
      let pause = min(subject.window.length * 2, subject.rule.pauseMax)
      var next = window(now, pause)
      next.lineCount = subject.rule.linesMax
      subjects[key] = (subject.rule, next)
      let linesMax = kinds[key.name]?.linesMax ?? LogEvent.linesPerSecondMax
      if let line = pass(key.name, linesMax, line.count, at: now, { line }) { lines.append(line) }
    }
    let ends = kinds.values.map(\.window.end) + subjects.values.map(\.window.end)
    nextEnd = ends.min()
    return lines
  }

  /// Ends all pauses: lines for everything that was held back.
  mutating func finish(at now: Instant) -> [LogLine] {
    var lines: [LogLine] = []
    for (key, subject) in subjects {
      guard let line = subject.window.summary else { continue }
      let linesMax = kinds[key.name]?.linesMax ?? LogEvent.linesPerSecondMax
      if let line = pass(key.name, linesMax, line.count, at: now, { line }) { lines.append(line) }
    }
    lines += kinds.values.compactMap(\.window.summary)
    self = RepeatFilter()
    return lines
  }

  /// The line of so many events, unless their kind has had its lines of this second.
  private mutating func pass(
    _ name: String,
    _ linesMax: Int,
    _ count: Int,
    at now: Instant,
    _ line: () -> LogLine
  ) -> LogLine? {
    if kinds[name] == nil { kinds[name] = (linesMax, window(now, Self.second)) }
    if kinds[name]?.window.hold(beyond: linesMax, count, line) ?? false { return nil }
    return line()
  }

  private mutating func window(_ now: Instant, _ length: Duration) -> Window {
    let end = now + length
    nextEnd = min(nextEnd ?? end, end)
    return Window(end: end, length: length)
  }

  private static let second = Duration.seconds(1)

  /// A time in which there are so many lines and not more.
  private struct Window {
    let end: Instant
    let length: Duration
    var lineCount = 0
    private var heldCount = 0

    /// The first that was held back: it stands for the others.
    private var example: LogLine?

    init(end: Instant, length: Duration) {
      self.end = end
      self.length = length
    }

    /// Counts a line of so many events; whether it is one too many.
    mutating func hold(beyond linesMax: Int, _ count: Int, _ line: () -> LogLine) -> Bool {
      lineCount += 1
      if lineCount <= linesMax { return false }
      heldCount += count
      if example == nil { example = line() }
      return true
    }

    /// What was held back, as one line; `nil` if nothing was.
    var summary: LogLine? {
      guard var line = example else { return nil }
      line.count = heldCount
      line.duration = length
      return line
    }
  }
}
