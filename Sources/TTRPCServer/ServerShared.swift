internal import DispatchSockets
internal import Locks
internal import Synchronization
internal import TTRPC

/// What a server's connections have in common.
final class ServerShared: Sendable {
  let options: ServerOptions
  let methods: MethodTable

  /// Called on the loop by a connection that has closed.
  let onClose: @Sendable (ServerConnection, ServerEvent.CloseReason, _ openCallCount: Int) -> Void

  private let callCount = Atomic<Int>(0)
  private let draining = Atomic<Bool>(false)
  private let inputMemory = Lock<[UInt8]>([])
  private let outputMemory = Lock<[UInt8]>([])

  /// The bytes that one read takes at most.
  static let readSizeMax = 64 << 10

  /// The largest memory for answers that is kept between wake-ups, in bytes.
  private static let keptOutputMax = 1 << 20

  init(
    options: ServerOptions,
    services: [ServiceDefinition],
    onClose: @escaping @Sendable (ServerConnection, ServerEvent.CloseReason, Int) -> Void
  ) {
    self.options = options
    self.onClose = onClose
    methods = MethodTable(services)
  }

  /// Whether no new calls are taken.
  var isDraining: Bool { draining.load(ordering: .relaxed) }

  /// Takes no new calls from now on.
  func drain() { draining.store(true, ordering: .relaxed) }

  /// The handlers at work on all connections.
  var openCallCount: Int { callCount.load(ordering: .relaxed) }

  /// Counts a handler that begins; returns whether it may.
  func beginCall() -> Bool {
    let before = callCount.add(1, ordering: .relaxed).oldValue
    if before < options.limits.callCountMax { return true }
    endCall()
    return false
  }

  /// Counts a handler that has ended.
  func endCall() { callCount.subtract(1, ordering: .relaxed) }

  /// Lends the memory that reads go into, ``readSizeMax`` bytes of it.
  ///
  /// One piece serves all connections, for only one of them reads at a time.
  func takeInputMemory() -> [UInt8] {
    let memory = inputMemory.withLock { memory in
      var taken: [UInt8] = []
      swap(&taken, &memory)
      return taken
    }
    return memory.isEmpty ? [UInt8](repeating: 0, count: Self.readSizeMax) : memory
  }

  /// Takes lent memory back.
  func giveBack(input memory: consuming [UInt8]) {
    let memory = memory
    inputMemory.withLock { $0 = memory }
  }

  /// Lends memory for answers, as ``takeInputMemory()`` does.
  func lend(to output: inout OutputBuffer) {
    outputMemory.withLock { output.borrow(&$0) }
  }

  /// Takes memory for answers back.
  func takeBack(from output: inout OutputBuffer) {
    outputMemory.withLock { memory in
      output.giveBack(to: &memory)
      if memory.capacity > Self.keptOutputMax { memory = [] }
    }
  }
}
