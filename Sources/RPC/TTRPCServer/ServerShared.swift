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

  private let starved = Lock<[ServerConnection]>([])
  private let hasStarved = Atomic<Bool>(false)
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

  // MARK: Connections that wait for memory

  /// Keeps a connection that waits for memory which others hold.
  func add(starved connection: ServerConnection) {
    starved.withLock { $0.append(connection) }
    hasStarved.store(true, ordering: .relaxed)
  }

  /// Lets those that wait for memory look again, in the order they came.
  func memoryWasFreed() {
    guard hasStarved.exchange(false, ordering: .relaxed) else { return }
    let woken = starved.withLock { starved in
      let woken = starved
      starved = []
      return woken
    }
    for connection in woken {
      connection.loop.run { connection.assumeIsolated { $0.memoryMayBeFree() } }
    }
  }

  // MARK: Lent memory

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
