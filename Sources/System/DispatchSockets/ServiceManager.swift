import Host
internal import Locks

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What started this process and wants to know how it is: systemd, or what speaks as it does.
///
/// A manager that doesn't hear is no error: the daemon serves all the same.
///
/// Source: sd_notify(3) and sd_watchdog_enabled(3).
package struct ServiceManager: Sendable {
  /// How long it waits for a sign of life before it ends the process; `nil` if it asks for none.
  package let watchdogTimeout: Duration?

  private let address: UnixAddress

  /// The longest text of a status, in code points.
  package static let statusLengthMax = 1000

  /// How long a full queue of the manager is waited for, in seconds.
  private static let waitSecondsMax = 1

  /// Finds the manager that the environment names; `nil` if there is none.
  ///
  /// `NOTIFY_SOCKET` is a path, or behind an `@` a name without a file. Whatever else it may be is no
  /// Unix socket.
  package init?(environment: (String) -> String? = ProcessEnvironment.text(of:)) {
    guard let place = environment("NOTIFY_SOCKET") else { return nil }
    let address =
      switch place.utf8.first {
      case UInt8(ascii: "/"): try? UnixAddress(path: place)
      case UInt8(ascii: "@"): try? UnixAddress(abstractName: String(place.dropFirst()))
      default: UnixAddress?.none
      }
    guard let address else { return nil }
    self.address = address
    watchdogTimeout = Self.watchdogTimeout(environment)
  }

  private static func watchdogTimeout(_ environment: (String) -> String?) -> Duration? {
    if let process = environment("WATCHDOG_PID"), Int32(process) != getpid() { return nil }
    guard let microseconds = environment("WATCHDOG_USEC").flatMap({ Int64($0) }), microseconds > 0
    else { return nil }
    return .microseconds(microseconds)
  }

  /// What a manager can be told.
  package enum State: Sendable {
    /// The daemon serves.
    case ready

    /// The daemon has begun to end.
    case stopping

    /// The daemon is alive.
    case alive
  }

  /// Tells the manager a state, and what the daemon is at, in a line for people.
  ///
  /// The manager must get to know that the daemon is ready or stopping: if its queue is full, that is
  /// waited for, a second at most. Else it may miss one.
  package func tell(_ state: State? = nil, status: String? = nil) {
    var lines: [String] = []
    switch state {
    case .ready: lines.append("READY=1")
    case .stopping: lines.append("STOPPING=1")
    case .alive: lines.append("WATCHDOG=1")
    case nil: break
    }
    if let status { lines.append("STATUS=\(Self.line(status))") }
    send(lines.joined(separator: "\n"), waits: state == .ready || state == .stopping)
  }

  /// A text without line breaks, which would begin another variable.
  private static func line(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(statusLengthMax) {
      line.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
    }
    return line
  }

  private func send(_ text: String, waits: Bool) {
    let descriptor = socket(AF_UNIX, Self.datagramType, 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var timeout = timeval(tv_sec: Self.waitSecondsMax, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
    let bytes = Array(text.utf8)
    let flags = Socket.sendFlags | (waits ? 0 : Int32(MSG_DONTWAIT))
    var address = address
    _ = address.withPointer { address, length in
      Int32(sendto(descriptor, bytes, bytes.count, flags, address, length))
    }
  }

  #if canImport(Glibc)
  private static let datagramType = Int32(SOCK_DGRAM.rawValue)
  #else
  private static let datagramType = SOCK_DGRAM
  #endif
}

/// Tells the service manager that a loop runs, twice as often as it must.
///
/// It does so on the loop itself: one that hangs says nothing. Letting go of it ends it.
package final class Watchdog: Sendable {
  private let timer = Lock<LoopTimer?>(nil)

  /// Begins to tell; `nil` if the manager asks for no sign of life.
  package init?(_ manager: ServiceManager, on loop: EventLoop) {
    guard let timeout = manager.watchdogTimeout else { return nil }
    timer.withLock { timer in
      // The block waits for this lock before it looks for its timer.
      timer = loop.after(.zero) { [weak self] in
        manager.tell(.alive)
        self?.timer.withLock { $0?.rearm(after: timeout / 2) }
      }
    }
  }
}
