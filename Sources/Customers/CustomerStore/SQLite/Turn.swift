/// A while that the writer may stay with one thing before others have theirs.
///
/// The store reads no clock: how the time passes is handed in (``StoreOptions/stopwatch``).
struct Turn {
  private let stopwatch: @Sendable () -> Int64
  private let start: Int64
  private let microsecondsMax: Int64
  private let microsecondsWhereOthersWait: Int64
  private let othersWait: @Sendable () -> Bool

  /// Begins a turn.
  ///
  /// - Parameters:
  ///   - stopwatch: Tells the time that has passed, in microseconds.
  ///   - microsecondsMax: How long it lasts at most.
  ///   - microsecondsWhereOthersWait: How long it lasts where others wait for its end.
  ///   - othersWait: Whether they do.
  init(
    _ stopwatch: @escaping @Sendable () -> Int64,
    microsecondsMax: Int64,
    microsecondsWhereOthersWait: Int64 = .max,
    othersWait: @escaping @Sendable () -> Bool = { false }
  ) {
    self.stopwatch = stopwatch
    self.microsecondsMax = microsecondsMax
    self.microsecondsWhereOthersWait = microsecondsWhereOthersWait
    self.othersWait = othersWait
    start = stopwatch()
  }

  /// The time since it began, in microseconds.
  var microseconds: Int64 { stopwatch() - start }

  /// Whether others have their turn now; to be asked behind each small piece of work.
  var isOver: Bool {
    let microseconds = microseconds
    return microseconds >= microsecondsMax
      || microseconds >= microsecondsWhereOthersWait && othersWait()
  }
}
