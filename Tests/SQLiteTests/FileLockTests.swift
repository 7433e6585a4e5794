import Dispatch
import SQLite
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The facts are the system's: `flock(2)`, `unlink(2)`.
@Suite struct FileLockTests {
  private let scratch: TemporaryFolder
  private var folder: String { scratch.path }

  init() throws { scratch = try TemporaryFolder() }

  @Test func aLockNamesItsOwner() throws {
    let path = folder + "/lock"
    var lock: FileLock? = try FileLock(path: path)
    #expect(throws: FileLockError.taken(path: path, processID: getpid())) {
      try FileLock(path: path)
    }
    #expect(lock != nil)
    lock = nil
    #expect(fileSize(path) == nil)
    _ = try FileLock(path: path)
    #expect(throws: FileLockError.cannotOpen(path: folder + "/no/lock", errno: ENOENT)) {
      try FileLock(path: folder + "/no/lock")
    }
  }

  /// Each takes the file away behind it, while others are between opening and locking it.
  @Test func aLockHasOneHolderHoweverManyComeAndGo() {
    let path = folder + "/lock"
    let holders = Atomic(0)
    let taken = Atomic(0)
    let together = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for _ in 0..<5000 {
        guard let lock = try? FileLock(path: path) else { continue }
        if holders.add(1, ordering: .relaxed).oldValue > 0 { together.add(1, ordering: .relaxed) }
        taken.add(1, ordering: .relaxed)
        holders.subtract(1, ordering: .relaxed)
        extendLifetime(lock)
      }
    }
    #expect(together.load(ordering: .relaxed) == 0)
    #expect(taken.load(ordering: .relaxed) > 0)
    #expect(fileSize(path) == nil)
  }

  @Test func aLockLeavesWhatTookItsPlace() throws {
    let path = folder + "/lock"
    var lock: FileLock? = try FileLock(path: path)
    #expect(lock != nil)
    unlink(path)
    let other = try FileLock(path: path)
    lock = nil
    #expect(fileSize(path) != nil)
    #expect(throws: FileLockError.self) { try FileLock(path: path) }
    extendLifetime(other)
  }
}
