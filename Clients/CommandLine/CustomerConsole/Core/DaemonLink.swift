import CustomerClient

/// Whether the daemon answers and tells changes, and when to try again.
struct DaemonLink: Equatable, Sendable {
  enum State: Equatable, Sendable {
    case connecting
    case connected

    /// It takes what it is sent and has given no answer for so many seconds.
    case silent(seconds: Int)
    case lost(String)
  }

  /// Whether changes of others are told.
  enum Live: Equatable, Sendable {
    case off
    case on

    /// The daemon doesn't know the call.
    case unsupported
  }

  /// The longest pause between two attempts, in seconds.
  static let pauseSecondsMax: Int64 = 5

  /// How often the daemon is asked how it is, in seconds.
  static let statusSeconds: Int64 = 2

  /// How long that may take before what is shown counts as old, in seconds.
  static let silenceSeconds = 2

  var state = State.connecting
  var live = Live.off

  /// Where to watch from when the watch must be opened again; empty = from now.
  var token = ""

  /// When to ask next, in seconds since 1970.
  var nextAttempt: Int64 = 0

  /// The pause before that.
  var pauseSeconds: Int64 = 1

  /// How long the daemon has been asked how it is without an answer, in seconds.
  var silentSeconds = 0

  /// Whether the daemon was away: what is shown may be old.
  var wasAway = false
}

extension ConsoleState {
  /// Takes the time in: what has had its time goes, what is due is asked.
  mutating func tick(_ now: Int64) {
    self.now = now
    if let notice, now - notice.time >= Notice.seconds { self.notice = nil }
    list.forgetMarks(olderThan: now - CustomerList.markSeconds)
    if link.wasAway, link.state == .connected {
      link.wasAway = false
      reloadList()
      watch()
    }
    countSilence()
    lookForUnanswered()
    guard now >= link.nextAttempt || isWaiting, !isCalling(.status) else { return }
    askStatus()
  }

  /// Counts how long nothing has been heard of a daemon that was asked.
  ///
  /// It is asked as soon as any other call takes longer than a second: what takes long by itself is
  /// so told from a daemon that is stopped.
  private mutating func countSilence() {
    guard isCalling(.status) || link.silentSeconds > 0 else { return }
    link.silentSeconds += 1
    guard link.silentSeconds >= DaemonLink.silenceSeconds else { return }
    if case .lost = link.state { return }
    link.state = .silent(seconds: link.silentSeconds)
  }

  /// Asks how the daemon is, which also tells whether it is there.
  mutating func askStatus() {
    link.nextAttempt = now + DaemonLink.statusSeconds
    call(.status, .status)
  }

  /// Begins to watch, where the last watch ended.
  mutating func watch() {
    guard link.live != .unsupported, !isCalling(.watch) else { return }
    link.live = .on
    call(.watch(link.token.isEmpty ? .now : .token(link.token)), .watch)
  }

  mutating func takeStatus(_ result: Result<ConsoleAnswer, CustomerError>) {
    switch result {
    case .success(.status(let status)):
      let isOtherStore = !store.status.storeID.isEmpty && store.status.storeID != status.storeID
      store.status = status
      list.total = Int(clamping: status.customerCount)
      list.isTotalMinimum = false
      connected()
      if isOtherStore {
        link.token = ""
        cancel(.list)
        loadList()
      }
      if link.live == .off, list.pages.isBegun { watch() }
    case .failure(.unavailable(let message, _)): lose(message)
    case .failure(.deadlineExceeded): link.nextAttempt = now
    case .failure(.unimplemented): connected()
    case .failure(let error): tell("Store", error)
    default: break
    }
  }

  /// An answer came: the daemon is there.
  mutating func connected() {
    switch link.state {
    case .connecting, .connected: break
    case .lost, .silent:
      link.wasAway = true
      tell("The daemon answers again", .good)
    }
    link.state = .connected
    link.silentSeconds = 0
    link.pauseSeconds = 1
  }

  /// No answer came: try again soon, then less often.
  mutating func lose(_ message: String) {
    link.state = .lost(message)
    link.silentSeconds = 0
    link.nextAttempt = now + link.pauseSeconds
    link.pauseSeconds = min(link.pauseSeconds * 2, DaemonLink.pauseSecondsMax)
  }

  mutating func watchEnded(_ result: Result<ConsoleAnswer, CustomerError>) {
    link.live = .off
    guard case .failure(let error) = result else { return }
    switch error {
    case .unimplemented: link.live = .unsupported
    case .unavailable(let message, _): lose(message)
    case .failed(_, .resumeTokenExpired?, _, _):
      // Too much happened meanwhile to tell it one by one.
      link.token = ""
      reloadList()
      watch()
    default: tell("Live changes", error)
    }
  }
}
