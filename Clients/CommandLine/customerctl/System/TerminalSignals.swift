import Synchronization

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#else
@preconcurrency import Darwin
#endif

/// Signals while the terminal is taken over, and the terminal given back whatever happens.
///
/// Signals that can wait become bytes in a pipe that the event loop reads. A second signal to end,
/// and a crash, give the terminal back in the handler itself: by then nothing else may work.
enum TerminalSignals {
  /// Looks as they were, no mouse, pastes unmarked, wrapping, the cursor, the screen of before.
  private static let end = Array(
    "\u{1B}[0m\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l".utf8
  )

  private static let waiting = [SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT]
  private static let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]

  // All that handlers touch. It is set before they are, and the first use of a global may not be
  // in a handler.
  nonisolated(unsafe) private static var modes = termios()
  nonisolated(unsafe) private static var endBytes: UnsafeMutableBufferPointer<UInt8>?
  nonisolated(unsafe) private static var before: UnsafeMutablePointer<sigaction>?
  private static let pipeEnd = Atomic<CInt>(-1)
  private static let taken = Atomic(false)
  private static let wasAsked = Atomic(false)

  /// The highest number of a signal that is listened to.
  private static let numberMax: Int32 = 32

  /// Whether the terminal is ours and must be given back.
  static var isTaken: Bool {
    get { taken.load(ordering: .relaxed) }
    set { taken.store(newValue, ordering: .relaxed) }
  }

  /// Begins to listen.
  ///
  /// - Parameter modes: How the terminal was.
  /// - Returns: Where to read the numbers of signals, a byte each; nil if the system refuses.
  static func install(restoring modes: termios) -> CInt? {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    self.modes = modes
    let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: end.count)
    _ = bytes.initialize(from: end)
    endBytes = bytes
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: Int(numberMax))
    actions.initialize(repeating: sigaction(), count: Int(numberMax))
    before = actions
    isTaken = false
    wasAsked.store(false, ordering: .relaxed)
    pipeEnd.store(ends[1], ordering: .relaxed)
    for number in waiting { listen(number) }
    for number in crashes { handle(number, keepingIn: actions + Int(number), crash) }
    return ends[0]
  }

  /// Turns a signal into a byte.
  static func listen(_ number: Int32) { handle(number, keepingIn: nil, tell) }

  /// Gives the terminal back; harmless when it is back already, and in a handler.
  static func restore() {
    guard taken.exchange(false, ordering: .relaxed) else { return }
    tcsetattr(0, TCSANOW, &modes)
    if let bytes = endBytes { _ = write(1, bytes.baseAddress, bytes.count) }
  }

  /// Reads what is there.
  static func read(_ descriptor: CInt, _ bytes: inout [UInt8]) -> Int {
    bytes.withUnsafeMutableBytes { memory in
      #if canImport(Darwin)
      Darwin.read(descriptor, memory.baseAddress, memory.count)
      #elseif canImport(Musl)
      Musl.read(descriptor, memory.baseAddress, memory.count)
      #else
      Glibc.read(descriptor, memory.baseAddress, memory.count)
      #endif
    }
  }

  /// Lets a signal do to the process what it does when nobody listens; returns if the process goes
  /// on.
  ///
  /// Dispatch's threads block signals: what is raised in one would wait there for ever.
  static func obey(_ number: Int32) {
    var mask = sigset_t()
    sigemptyset(&mask)
    sigaddset(&mask, number)
    var old = sigset_t()
    signal(number, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &mask, &old)
    raise(number)
    pthread_sigmask(SIG_SETMASK, &old, nil)
  }

  private static let tell: @convention(c) (Int32) -> Void = { number in
    let error = errno
    // No collections here: a handler may not allocate memory.
    switch number {
    case SIGTERM, SIGHUP, SIGINT, SIGQUIT:
      if wasAsked.exchange(true, ordering: .relaxed) {
        restore()
        obey(number)
      }
    default: break
    }
    var byte = UInt8(truncatingIfNeeded: number)
    _ = write(pipeEnd.load(ordering: .relaxed), &byte, 1)
    errno = error
  }

  /// Gives the terminal back, then lets the signal do what it would have done.
  private static let crash: @convention(c) (Int32) -> Void = { number in
    restore()
    if let before { sigaction(number, before + Int(number), nil) }
    raise(number)
  }

  private static func handle(
    _ number: Int32,
    keepingIn old: UnsafeMutablePointer<sigaction>?,
    _ handler: @escaping @convention(c) (Int32) -> Void
  ) {
    var action = sigaction()
    #if canImport(Darwin)
    action.__sigaction_u.__sa_handler = handler
    #elseif canImport(Musl)
    action.__sa_handler.sa_handler = handler
    #else
    action.__sigaction_handler.sa_handler = handler
    #endif
    action.sa_flags = SA_RESTART
    sigemptyset(&action.sa_mask)
    sigaction(number, &action, old)
  }
}
