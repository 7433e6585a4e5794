/// What happens, as the log needs to know it before there is a line of it.
struct LogEvent: Sendable {
  /// The kind, for programs: `connected`.
  var name: String

  /// Who or what repeats itself.
  var subject = Subject.none

  /// How often the same of one subject is told; `nil` = always.
  var repetition: Repetition?

  /// How many lines a second there are of this kind, whosever they are.
  var linesPerSecondMax = Self.linesPerSecondMax

  /// Twenty say what is going on, and a disk has room for them for a long time.
  static let linesPerSecondMax = 20

  /// Whoever asks for a line a call wants to see each of somebody's; a thousand a second are some
  /// 150 KB.
  static let callsPerSecondMax = 1000

  /// Who or what repeats itself.
  enum Subject: Hashable, Sendable {
    /// The daemon.
    case none

    /// A process that calls, and what it is told apart by beside its number.
    case peer(user: UInt32, process: Int32, detail: String = "")

    /// Why something doesn't work.
    case reason(String)
  }

  /// How often the same is told.
  struct Repetition: Hashable, Sendable {
    /// The lines before the rest is counted.
    var linesMax: Int

    /// The first pause until the next line, which says how often it was; each is twice as long as the
    /// one before.
    var pause: Duration

    /// The longest pause.
    var pauseMax: Duration

    /// What callers do: a handful of lines show who does what.
    static let ofPeers = Repetition(linesMax: 5, pause: .seconds(1), pauseMax: .seconds(60))

    /// What fails and is tried again, perhaps for days.
    static let ofFailures = Repetition(linesMax: 1, pause: .seconds(60), pauseMax: .seconds(3600))
  }
}

/// A line of the log, before it is text.
struct LogLine: Sendable, Equatable {
  /// One of the members that a line of JSON has beside those that all have.
  struct Field: Sendable, Equatable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The kind of event, for programs.
  var event: String

  /// What happened, for people.
  var text: String

  /// The same in pieces, for programs.
  var fields: [Field] = []

  /// How many events of this kind it stands for, itself among them.
  var count = 1

  /// In how long a time they were; of no meaning for one.
  var duration = Duration.zero
}
