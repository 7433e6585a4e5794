import CustomerClient
import CustomerModel
import Terminal

/// The console around its core: events in, effects carried out, screens drawn.
///
/// Everything happens on the main actor, one event after the other; calls are tasks that wait there
/// without blocking it, so that no key ever waits for the daemon. Decides nothing.
@MainActor package final class ConsoleRun {
  /// The shortest time between two screens, against floods of changes.
  ///
  /// Half a frame of most displays: an answer right behind a key's echo is in the next frame.
  private static let pause = Duration.milliseconds(8)

  private let client: CustomerClient
  private let device: any ConsoleDevice
  private let clock: @Sendable () -> Int64
  private let usesColors: Bool

  private(set) var state: ConsoleState
  private var decoder = KeyDecoder()
  private var decoderWait: Task<Void, Never>?
  private var tasks: [CallSlot: (ticket: Int, task: Task<Void, Never>)] = [:]
  private var ticking: Task<Void, Never>?
  private var shown: Grid?
  private var drawing: Task<Void, Never>?
  private var lastDrawn = ContinuousClock.now
  private var waiting: CheckedContinuation<Void, Never>?
  private var isOver = false

  /// The signal that ended the console, if one did.
  package private(set) var endSignal: Int32?

  /// Creates a console.
  ///
  /// - Parameters:
  ///   - client: Whom to call.
  ///   - device: Where it is shown.
  ///   - context: What the core knows of the world.
  ///   - clock: Tells the seconds since 1970.
  ///   - usesColors: Whether colours are used.
  package init(
    client: CustomerClient,
    device: any ConsoleDevice,
    context: ConsoleContext,
    clock: @escaping @Sendable () -> Int64,
    usesColors: Bool
  ) {
    self.client = client
    self.device = device
    self.clock = clock
    self.usesColors = usesColors
    state = ConsoleState(size: device.size, now: clock(), context: context)
  }

  /// Shows the console until the user quits, or the terminal goes.
  package func run() async {
    device.enter()
    carryOut(state.begin())
    draw()
    ticking = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(1))
        guard let self, !Task.isCancelled else { return }
        handle(.tick(clock()))
      }
    }
    if !isOver { await withCheckedContinuation { waiting = $0 } }
    device.leave()
  }

  /// Takes in what the terminal tells.
  package func take(_ event: DeviceEvent) {
    switch event {
    case .bytes(let bytes):
      take(decoder.feed(bytes))
      waitForMore()
    case .resized: handle(.resize(device.size))
    case .resumed:
      shown = nil
      handle(.resize(device.size))
    case .ended(let signal):
      endSignal = signal
      end()
    }
  }

  private func take(_ inputs: [KeyInput]) {
    for input in inputs {
      switch input {
      case .key(let key): handle(.key(key))
      case .paste(let text): handle(.paste(text))
      case .click(let place): handle(.click(place))
      case .wheel(let up): handle(.wheel(up: up))
      }
    }
  }

  /// Ends what the decoder keeps if nothing more comes.
  private func waitForMore() {
    decoderWait?.cancel()
    guard let wait = decoder.waitMilliseconds else { return }
    decoderWait = Task { [weak self] in
      try? await Task.sleep(for: .milliseconds(wait))
      guard let self, !Task.isCancelled else { return }
      take(decoder.timeOut(afterMilliseconds: wait))
    }
  }

  /// Brings an event to the core and does what comes of it.
  func handle(_ event: ConsoleEvent) {
    guard !isOver else { return }
    carryOut(state.reduce(event))
    planDrawing()
  }

  private func carryOut(_ effects: [ConsoleEffect]) {
    for effect in effects {
      switch effect {
      case .call(let call, let slot, let ticket): start(call, slot, ticket)
      case .cancel(let slot): tasks.removeValue(forKey: slot)?.task.cancel()
      case .suspend:
        device.suspend()
        take(.resumed)
      case .redraw: shown = nil
      case .quit: end()
      }
    }
  }

  private func end() {
    guard !isOver else { return }
    isOver = true
    ticking?.cancel()
    drawing?.cancel()
    decoderWait?.cancel()
    for (_, task) in tasks.values { task.cancel() }
    waiting?.resume()
  }

  // MARK: Calls

  private func start(_ call: ConsoleCall, _ slot: CallSlot, _ ticket: Int) {
    tasks[slot]?.task.cancel()
    let task = Task { [weak self] in
      guard let client = self?.client else { return }
      let result: Result<ConsoleAnswer, CustomerError>
      do throws(CustomerError) {
        result = .success(
          try await call.answer(from: client) { change in
            self?.handle(.change(ticket: ticket, change))
          }
        )
      } catch {
        result = .failure(error)
      }
      self?.finish(slot, ticket, result)
    }
    tasks[slot] = (ticket, task)
  }

  private func finish(
    _ slot: CallSlot,
    _ ticket: Int,
    _ result: Result<ConsoleAnswer, CustomerError>
  ) {
    if tasks[slot]?.ticket == ticket { tasks[slot] = nil }
    handle(.answer(slot, ticket: ticket, result))
  }

  // MARK: Drawing

  private func planDrawing() {
    guard drawing == nil else { return }
    drawing = Task { [weak self] in
      if let wait = self?.timeToNextScreen, wait > .zero { try? await Task.sleep(for: wait) }
      guard let self, !Task.isCancelled else { return }
      drawing = nil
      draw()
    }
  }

  private var timeToNextScreen: Duration { lastDrawn + Self.pause - .now }

  private func draw() {
    guard !isOver else { return }
    let grid = state.render()
    let bytes = GridUpdate.bytes(from: shown, to: grid, usesColors: usesColors)
    shown = grid
    lastDrawn = .now
    if !bytes.isEmpty { device.write(bytes) }
  }
}

extension ConsoleCall {
  /// Makes the call.
  ///
  /// - Parameters:
  ///   - client: Whom to call.
  ///   - tell: Takes each change that a watch tells; the next is read when it returns.
  /// - Returns: What the daemon answers.
  /// - Throws: What any call can throw.
  @MainActor fileprivate func answer(
    from client: CustomerClient,
    _ tell: @MainActor (Change) -> Void
  ) async throws(CustomerError) -> ConsoleAnswer {
    switch self {
    case .list(let request): return .page(try await client.list(request))
    case .search(let query, let limit):
      return .customers(try await client.search(query, limit: limit))
    case .get(let id): return .customer(try await client.get(id))
    case .create(let customer): return .customer(try await client.create(customer))
    case .edit(let edited, let base):
      return .customer(try await client.update(edited, from: base))
    case .replace(let customer):
      return .customer(
        try await client.update(customer, mask: FieldMask(paths: ["*"]), allowMissing: true)
      )
    case .delete(let id, let version):
      return .deleted(version: try await client.delete(id, version: version))
    case .history(let id):
      var watch = client.watch(from: .oldest, id: id, stopsAtEnd: true).makeAsyncIterator()
      var changes: [Change] = []
      while let change = try await watch.next() {
        changes.append(change)
        // Twice the limit at most, so that not every change moves all others.
        if changes.count >= 2 * CustomerHistory.entriesMax {
          changes.removeFirst(changes.count - CustomerHistory.entriesMax)
        }
      }
      return .changes(changes)
    case .watch(let start):
      var watch = client.watch(from: start).makeAsyncIterator()
      while let change = try await watch.next(), !Task.isCancelled { tell(change) }
      return .ended
    case .status: return .status(try await client.status())
    }
  }
}
