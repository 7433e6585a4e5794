import Foundation
import Locks

@testable import DispatchSockets

/// Values that handlers put away for a test to wait for.
final class Collected<Value: Sendable>: Sendable {
  private let values = Lock<[Value]>([])

  func add(_ value: Value) { values.withLock { $0.append(value) } }

  var all: [Value] { values.withLock { $0 } }

  /// Waits until so many values are there, at most ten seconds, and returns all.
  func wait(for count: Int) async throws -> [Value] {
    for _ in 0..<5000 where all.count < count { try await Task.sleep(for: .milliseconds(2)) }
    return all
  }
}

/// What the kernel calls the file of a descriptor, such as `socket:[1234]`.
func kernelName(of descriptor: Int32) throws -> String {
  try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
}

/// Whether this process has a file open, by ``kernelName(of:)``.
func isOpen(_ name: String) throws -> Bool {
  let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
  return numbers.contains { number in
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")) == name
  }
}

/// Waits, at most ten seconds, until this process doesn't have a file open.
func waitUntilClosed(_ name: String) async throws -> Bool {
  for _ in 0..<5000 {
    if try !isOpen(name) { return true }
    try await Task.sleep(for: .milliseconds(2))
  }
  return false
}

extension Socket {
  /// Reads until nothing is there.
  func readAll() throws -> (bytes: [UInt8], isAtEnd: Bool) {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1000)
    while true {
      switch try read(into: &part, from: 0) {
      case .bytes(let count): bytes += part[..<count]
      case .wouldBlock: return (bytes, false)
      case .endOfStream: return (bytes, true)
      }
    }
  }

  /// Writes bytes for which there is room.
  func send(_ text: String) throws -> Outcome { try write(Array(text.utf8).span) }
}
