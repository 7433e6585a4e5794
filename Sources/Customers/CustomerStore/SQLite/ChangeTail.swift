import Locks
import Synchronization

/// The newest changes, read once from the log for all who follow them.
///
/// Those who wait for the same change ask for it at once when it is there: one of them reads it, the
/// others wait for him and take it from memory. What is kept is bounded and the newest; who is behind
/// it reads the log himself, so a slow reader costs the others nothing. It is empty as long as nobody
/// follows, and nothing of an erased customer is in it once the erasure is answered.
final class ChangeTail: Sendable {
  /// The changes that are kept.
  static let changesMax = 1024

  /// The bytes of their records: what was just read fits, though it ends with the record that passes
  /// the bytes of a page.
  static let bytesMax = 2 * StoreLimit.chunkBytesMax

  /// The changes that are read at once.
  private static let readMax = 256

  private struct State {
    /// All changes after `start` up to `end` that the log holds.
    var changes: [ChangeEntry] = []
    var start: Int64 = 0
    var end: Int64 = 0
    var bytes = 0
    /// The erasures before they were read.
    var erasures: UInt64 = 0
    var isBeingRead = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private enum Step {
    case take(ChangePage)
    case read(after: Int64, erasures: UInt64)
    case wait
    case readAlone
  }

  private let clock: CommitClock
  private let state = Lock(State())

  init(_ clock: CommitClock) { self.clock = clock }

  /// The changes behind one, as ``CustomerRepository/changes(after:of:limit:)`` answers them.
  ///
  /// - Parameters:
  ///   - sequence: Those after this one; `nil` for all that are kept.
  ///   - id: Of one customer; `nil` for all customers.
  ///   - limit: The most changes.
  ///   - read: Reads the log, given these three, and whether others wait for it.
  /// - Returns: The changes, from memory or from the log.
  /// - Throws: What `read` throws.
  func page(
    after sequence: Int64?,
    of id: String?,
    limit: Int,
    read: (
      _ sequence: Int64?, _ id: String?, _ limit: Int, _ isShared: Bool
    ) async throws(RepositoryError) -> ChangePage
  ) async throws(RepositoryError) -> ChangePage {
    guard let sequence else { return try await read(nil, id, limit, false) }
    while true {
      switch state.withLock({ step(&$0, sequence, id, limit) }) {
      case .take(let page): return page
      case .readAlone: return try await read(sequence, id, limit, false)
      case .wait:
        await withCheckedContinuation { continuation in
          let mustWait = state.withLock { state in
            if state.isBeingRead { state.waiting.append(continuation) }
            return state.isBeingRead
          }
          if !mustWait { continuation.resume() }
        }
      case .read(let end, let erasures):
        let result: Result<ChangePage, RepositoryError>
        do throws(RepositoryError) {
          result = .success(try await read(end, nil, Self.readMax, true))
        } catch {
          result = .failure(error)
        }
        let waiting = state.withLock { state in
          if case .success(let page) = result { append(page, to: &state, after: end, erasures) }
          defer { state.waiting = [] }
          state.isBeingRead = false
          return state.waiting
        }
        for continuation in waiting { continuation.resume() }
        _ = try result.get()
      }
    }
  }

  private func step(_ state: inout State, _ sequence: Int64, _ id: String?, _ limit: Int) -> Step {
    let newest = clock.sequence.load(ordering: .acquiring)
    let erasures = clock.erasures.load(ordering: .acquiring)
    if state.erasures != erasures {
      state = State(
        start: state.end,
        end: state.end,
        erasures: erasures,
        isBeingRead: state.isBeingRead,
        waiting: state.waiting
      )
    }
    let oldest = clock.oldestSequence.load(ordering: .acquiring)
    guard sequence < newest, sequence >= oldest - 1 else { return .readAlone }
    // The one who is ahead of what is kept begins it anew where he is.
    if sequence > state.end, !state.isBeingRead {
      state.changes = []
      state.bytes = 0
      state.start = sequence
      state.end = sequence
    }
    guard sequence >= state.start, sequence <= state.end else { return .readAlone }
    if sequence < state.end {
      var page = page(of: state, after: sequence, id, limit)
      page.hasMore = page.hasMore || state.end < newest
      return .take(page)
    }
    if state.isBeingRead { return .wait }
    state.isBeingRead = true
    return .read(after: state.end, erasures: erasures)
  }

  private func page(
    of state: State,
    after sequence: Int64,
    _ id: String?,
    _ limit: Int
  ) -> ChangePage {
    var page = ChangePage(changes: [], next: state.end, hasMore: false)
    // A record begins with its id: field 1, of that many bytes.
    let beginning = id.map { [0x0A, UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8) }
    let first = state.changes.lastIndex { $0.sequence <= sequence }.map { $0 + 1 } ?? 0
    for change in state.changes[first...] {
      if let beginning, !change.record.starts(with: beginning) { continue }
      if page.changes.count == limit {
        page.next = page.changes.last?.sequence ?? sequence
        page.hasMore = true
        break
      }
      page.changes.append(change)
    }
    return page
  }

  private func append(
    _ page: ChangePage,
    to state: inout State,
    after end: Int64,
    _ erasures: UInt64
  ) {
    // Read before somebody was erased, it may show him.
    guard state.end == end, erasures == clock.erasures.load(ordering: .acquiring) else { return }
    state.changes += page.changes
    state.bytes += page.changes.reduce(0) { $0 + $1.record.count }
    state.end = page.next
    var count = 0
    while count < state.changes.count,
      state.changes.count - count > Self.changesMax || state.bytes > Self.bytesMax
    {
      state.bytes -= state.changes[count].record.count
      state.start = state.changes[count].sequence
      count += 1
    }
    state.changes.removeFirst(count)
  }
}
