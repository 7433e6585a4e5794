internal import Dispatch
internal import Locks

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Writes lines to a descriptor on a thread of its own: nobody who has a line waits for its reader.
///
/// If the reader is slow, or the disk full, so many bytes wait; what doesn't fit is dropped, and a
/// line says how many lines are missing as soon as there is room again.
package final class LineWriter: Sendable {
  private let descriptor: Int32
  private let thread = DispatchQueue(label: "lines")
  private let state: Lock<State>

  private struct State {
    var queue: LineQueue
    var isScheduled = false
  }

  /// The bytes that wait at most: some thousands of lines.
  package static let queuedBytesMax = 1 << 20

  /// Writes to a descriptor, which stays its owner's.
  ///
  /// - Parameters:
  ///   - descriptor: Where lines go; the process must ignore SIGPIPE.
  ///   - queuedBytesMax: The bytes that wait at most.
  ///   - note: The line in the place of so many that are missing.
  package init(
    _ descriptor: Int32,
    queuedBytesMax: Int = LineWriter.queuedBytesMax,
    note: @escaping @Sendable (_ droppedCount: Int) -> String
  ) {
    self.descriptor = descriptor
    state = Lock(State(queue: LineQueue(bytesMax: queuedBytesMax, note: note)))
  }

  /// Has a line written, or dropped and counted; it must not have a line break.
  package func write(_ line: String) {
    let mustSchedule = state.withLock { state in
      state.queue.append(line)
      defer { state.isScheduled = true }
      return !state.isScheduled
    }
    if mustSchedule { thread.async { self.drain() } }
  }

  /// Waits until all lines so far are written or dropped, but no longer than a time.
  ///
  /// - Returns: Whether they are; not if the reader doesn't read.
  @discardableResult
  package func flush(within limit: Duration) -> Bool {
    let done = DispatchSemaphore(value: 0)
    thread.async { done.signal() }
    let parts = limit.components
    let nanoseconds = Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
    return done.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success
  }

  private func drain() {
    while let bytes = next() {
      let count = writeAll(bytes)
      state.withLock { $0.queue.settle(writtenCount: count) }
    }
  }

  private func next() -> [UInt8]? {
    state.withLock { state in
      let bytes = state.queue.take()
      if bytes == nil { state.isScheduled = false }
      return bytes
    }
  }

  /// Writes until all is written or nothing more can be; returns the number of bytes written.
  private func writeAll(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = systemWrite(descriptor, rest.baseAddress, rest.count)
        if count > 0 {
          written += count
        } else if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
          // Somebody else who has the same file made it so that it doesn't wait by itself.
          var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wanted, 1, -1)
        } else if count == 0 || errno != EINTR {
          break
        }
      }
      return written
    }
  }

  private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.write(descriptor, start, count)
    #else
    Darwin.write(descriptor, start, count)
    #endif
  }
}
