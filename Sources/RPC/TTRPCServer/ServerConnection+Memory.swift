internal import DispatchSockets
internal import TTRPC

// What a connection holds, and whether it may hold more.

/// A handler that waits for memory.
struct MemoryWaiter {
  /// Tells it from the others.
  let ticket: UInt64

  /// What it wants.
  let byteCount: Int

  /// Its task, which is told whether it has the memory.
  let continuation: CheckedContinuation<Bool, Never>

  init(_ ticket: UInt64, _ byteCount: Int, _ continuation: CheckedContinuation<Bool, Never>) {
    self.ticket = ticket
    self.byteCount = byteCount
    self.continuation = continuation
  }
}

extension ServerConnection {
  /// The bytes of every connection that are counted nowhere: whoever holds little goes on, whatever
  /// others hold.
  ///
  /// One read, and the answer of one call.
  static let memoryBytesFree = 64 << 10 + CallContext.answerBytesKept

  /// How many times the bytes of a large message its decoded form is taken to have.
  ///
  /// An estimate, made of the sizes of a customer's fields in memory.
  static let decodedSizeFactor = 8

  /// The largest request and message that is decoded on the loop, in bytes; others' calls wait for
  /// it, about 50 µs at this size.
  static let inlineBytesMax = 4 << 10

  /// What is held for this connection.
  var memoryBytes: Int {
    inputByteCount + state.waitingByteCount + state.output.count + workBytes
  }

  /// The account that has no room for what is held and so many bytes more; `nil` if there is room.
  func fullAccount(for byteCount: Int = 0) -> Account? {
    let wanted = memoryBytes + byteCount - Self.memoryBytesFree
    return wanted <= 0 ? nil : account.full(for: max(wanted - countedBytes, 0))
  }

  /// Brings the accounts to what is held now.
  func settle() {
    let held = isClosed ? workBytes : memoryBytes
    let counted = max(held - Self.memoryBytesFree, 0)
    guard counted != countedBytes else { return }
    let difference = counted - countedBytes
    countedBytes = counted
    account.add(memoryBytes: difference)
    if difference < 0 { shared.memoryWasFreed() }
  }

  // MARK: Waiting for others

  /// Notes that others hold what this connection needs.
  func starve(_ account: Account) {
    guard starvedIn == nil, !isClosed else { return }
    starvedIn = account
    account.add(starvedConnections: 1)
    shared.add(starved: self)
  }

  /// Looks whether there is room now; called after somebody has freed some.
  func memoryMayBeFree() {
    endStarving()
    guard !isClosed else { return }
    inTurn { wakeMemoryWaiters() }
  }

  /// Notes that this connection waits for nobody's memory.
  func endStarving() {
    starvedIn?.add(starvedConnections: -1)
    starvedIn = nil
  }

  // MARK: Handlers

  /// Waits until a call's next answer may be made.
  func reserve(_ byteCount: Int, on streamID: UInt32) async throws(RPCError) {
    guard let call = calls[streamID] else { throw Self.ended }
    release(&call.answerBytes)
    var held = try await takeMemory(byteCount)
    if calls[streamID] == nil { return release(&held) }
    call.answerBytes = held
  }

  /// Waits until a call's message may be decoded.
  func reserveMessage(_ byteCount: Int, _ call: ServerCallState) async throws(RPCError) {
    var held = try await takeMemory(byteCount * Self.decodedSizeFactor)
    if calls[call.streamID] == nil { return release(&held) }
    call.messageBytes = held
  }

  /// Counts memory that a handler has from now on.
  func hold(_ byteCount: Int) {
    workBytes += byteCount
    if byteCount > CallContext.answerBytesKept { largeWorkBytes += byteCount }
    settle()
  }

  /// Gives back what a call holds of one kind.
  func release(_ byteCount: inout Int) {
    guard byteCount > 0 else { return }
    workBytes -= byteCount
    if byteCount > CallContext.answerBytesKept { largeWorkBytes -= byteCount }
    byteCount = 0
    settle()
    wakeMemoryWaiters()
  }

  /// Takes memory if a handler may hold so much more now; notes whose it waits for if not.
  private func takesMemory(_ byteCount: Int) -> Bool {
    guard hasRoomToSend else { return false }
    if byteCount > CallContext.answerBytesKept, largeWorkBytes > 0,
      largeWorkBytes + byteCount > shared.options.limits.workBytesPerConnectionMax
    {
      return false
    }
    if let full = fullAccount(for: byteCount) {
      starve(full)
      return false
    }
    hold(byteCount)
    return true
  }

  /// Takes memory, as soon as there is some; returns how much.
  private func takeMemory(_ byteCount: Int) async throws(RPCError) -> Int {
    if isClosed || Task.isCancelled { throw Self.ended }
    if takesMemory(byteCount) { return byteCount }
    flush()
    if takesMemory(byteCount) { return byteCount }
    lastMemoryTicket += 1
    let ticket = lastMemoryTicket
    let isTaken = await withTaskCancellationHandler {
      await withCheckedContinuation { waitForMemory(MemoryWaiter(ticket, byteCount, $0)) }
    } onCancel: {
      loop.run { self.assumeIsolated { $0.stopWaiting(ticket) } }
    }
    guard isTaken else { throw Self.ended }
    return byteCount
  }

  /// Keeps a handler that waits, unless there is room by now.
  private func waitForMemory(_ waiter: MemoryWaiter) {
    if isClosed { return waiter.continuation.resume(returning: false) }
    if takesMemory(waiter.byteCount) { return waiter.continuation.resume(returning: true) }
    memoryWaiters.append(waiter)
  }

  private func stopWaiting(_ ticket: UInt64) {
    guard let place = memoryWaiters.firstIndex(where: { $0.ticket == ticket }) else { return }
    memoryWaiters.remove(at: place).continuation.resume(returning: false)
  }

  /// Hands memory to those who wait for it, in turn; small answers pass large ones.
  func wakeMemoryWaiters() {
    guard !memoryWaiters.isEmpty, hasRoomToSend else { return }
    var rest: [MemoryWaiter] = []
    var isLargeRefused = false
    let waiters = memoryWaiters
    memoryWaiters = []
    for waiter in waiters {
      let isLarge = waiter.byteCount > CallContext.answerBytesKept
      if isLarge && isLargeRefused || !takesMemory(waiter.byteCount) {
        isLargeRefused = isLargeRefused || isLarge
        rest.append(waiter)
      } else {
        waiter.continuation.resume(returning: true)
      }
    }
    memoryWaiters = rest + memoryWaiters
  }
}
