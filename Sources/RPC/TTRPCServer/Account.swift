internal import Synchronization

/// What the connections of one user hold, or those of all: connections, calls and memory.
///
/// A user's account stands in the server's, which has no parent: what is counted in one is counted
/// in both. It is touched on the loop; the counters are atomic so that it may be shared.
final class Account: Sendable {
  /// How much may be counted in an account.
  struct Limits: Sendable {
    var connectionCountMax: Int
    var callCountMax: Int
    var openCallCountMax: Int
    var memoryBytesMax: Int

    /// What a refused connection may hold: a small request.
    static let ofRefused = Limits(
      connectionCountMax: 0,
      callCountMax: 0,
      openCallCountMax: 0,
      memoryBytesMax: 0
    )
  }

  let limits: Limits
  private let parent: Account?
  private let connections = Atomic<Int>(0)
  private let atWork = Atomic<Int>(0)
  private let open = Atomic<Int>(0)
  private let memory = Atomic<Int>(0)
  private let starved = Atomic<Int>(0)

  init(_ limits: Limits, in parent: Account? = nil) {
    self.limits = limits
    self.parent = parent
  }

  // MARK: Connections

  /// The open connections.
  var connectionCount: Int { connections.load(ordering: .relaxed) }

  /// Whether there may be one connection more, here; the parent is asked for itself.
  var takesConnection: Bool { connectionCount < limits.connectionCountMax }

  /// Counts a connection.
  func add(connections count: Int) {
    connections.add(count, ordering: .relaxed)
    parent?.add(connections: count)
  }

  // MARK: Calls

  /// The handlers at work.
  var callCount: Int { atWork.load(ordering: .relaxed) }

  /// The handlers that have begun and not ended, those that wait for something new too.
  var openCallCount: Int { open.load(ordering: .relaxed) }

  /// The limit that one more handler would pass; `nil` if it may begin.
  ///
  /// With it, `extra` calls more than others may be open.
  func refusal(extra: Int) -> String? {
    let whose = parent == nil ? "on this server" : "for this user"
    if callCount >= limits.callCountMax + extra {
      return "\(callCount) calls are at work \(whose), which is the limit"
    }
    if openCallCount >= limits.openCallCountMax + extra {
      return "\(openCallCount) calls are open \(whose), which is the limit"
    }
    return parent?.refusal(extra: extra)
  }

  /// Counts a handler that has begun, or has ended.
  func add(openCalls count: Int) {
    open.add(count, ordering: .relaxed)
    parent?.add(openCalls: count)
  }

  /// Counts a handler that goes to work, or stops.
  func add(callsAtWork count: Int) {
    atWork.add(count, ordering: .relaxed)
    parent?.add(callsAtWork: count)
  }

  // MARK: Memory

  /// The bytes that wait.
  var memoryBytes: Int { memory.load(ordering: .relaxed) }

  /// The account that has no room for so many bytes more: this one or the server's.
  func full(for byteCount: Int) -> Account? {
    if memoryBytes + byteCount > limits.memoryBytesMax { return self }
    return parent?.full(for: byteCount)
  }

  /// Counts bytes that begin to wait, or wait no more.
  func add(memoryBytes count: Int) {
    memory.add(count, ordering: .relaxed)
    parent?.add(memoryBytes: count)
  }

  /// Whether a connection waits for memory that others of this user hold, or of all.
  var isStarved: Bool {
    starved.load(ordering: .relaxed) > 0 || parent?.isStarved ?? false
  }

  /// Counts a connection that begins to wait for this account's memory, or waits no more.
  func add(starvedConnections count: Int) { starved.add(count, ordering: .relaxed) }
}
