import CustomerModel
import DispatchSockets
import Foundation
import Locks
import TTRPC
import TTRPCClient
import TestSupport
import Testing

@testable import CustomerClient

/// Writes whose answer is lost on the way: they were carried out, and nobody said so.
@Suite(.timeLimit(.minutes(1))) struct LostAnswerTests {
  private let folder: TemporaryFolder
  private let daemon: TestDaemon
  private let way: LossyWay
  private let client: CustomerClient

  init() async throws {
    folder = try TemporaryFolder()
    daemon = try await TestDaemon(in: folder)
    let way = LossyWay(to: daemon.path)
    self.way = way
    let channel = ClientChannel { () throws(SocketError) in try way.connect() }
    client = CustomerClient(over: channel, socketPath: daemon.path)
  }

  private func failure(
    _ call: () async throws(CustomerError) -> Void
  ) async -> CustomerError? {
    do throws(CustomerError) {
      try await call()
      return nil
    } catch {
      return error
    }
  }

  @Test func aCreationIsMadeOnce() async throws {
    way.loseAnswers(2)
    let ann = try await client.create(Customer(firstName: "Ann"))
    #expect(ann.version == 1)
    #expect(try await client.list().customers == [ann])
    await daemon.stop()
  }

  /// Somebody else may have made one of this id.
  @Test func aCreationWhoseIDIsTheCallersIsNotRepeated() async throws {
    way.loseAnswers(1)
    let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"
    let failure = await failure { () async throws(CustomerError) in
      _ = try await client.create(Customer(customerID: id, firstName: "Ann"))
    }
    #expect(failure?.outcome == .perhapsDone)
    #expect(try await client.get(id).version == 1)
    await daemon.stop()
  }

  @Test func aChangeThatRestsOnAVersionIsMadeOnce() async throws {
    var ann = try await client.create(Customer(firstName: "Ann"))
    ann.lastName = "Lee"
    way.loseAnswers(2)
    let changed = try await client.update(ann)
    #expect(changed.version == 2)
    #expect(try await client.get(ann.customerID) == changed)
    let edited = try await client.update(ann.customerID) {
      $0.attributes["tier"] = "gold"
      way.loseAnswers(1)
    }
    #expect(edited.version == 3)
    await daemon.stop()
  }

  /// Repeated, it would undo what somebody else wrote in between.
  @Test func aChangeThatRestsOnNoneIsNotRepeated() async throws {
    var ann = try await client.create(Customer(firstName: "Ann"))
    ann.version = 0
    way.loseAnswers(1)
    let failure = await failure { () async throws(CustomerError) in
      _ = try await client.update(ann)
    }
    guard case .unavailable(_, .perhapsDone) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    await daemon.stop()
  }

  /// A new phone's key is the daemon's: whose phone stands there can't be told.
  @Test func aChangeThatIsNotKnownAgainIsPerhapsDone() async throws {
    var ann = try await client.create(Customer(firstName: "Ann"))
    ann.phones = [PhoneNumber(numberInternational: "+61491570006")]
    way.loseAnswers(1)
    let failure = await failure { () async throws(CustomerError) in
      _ = try await client.update(ann)
    }
    guard case .failed("ABORTED", .versionMismatch?, _, .perhapsDone) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    await daemon.stop()
  }

  @Test func aDeletionIsMadeOnce() async throws {
    let ann = try await client.create(Customer(firstName: "Ann"))
    way.loseAnswers(1)
    #expect(try await client.delete(ann.customerID, version: 1) == 2)
    let bob = try await client.create(Customer(firstName: "Bob"))
    way.loseAnswers(1)
    let failure = await failure { () async throws(CustomerError) in
      try await client.delete(bob.customerID)
    }
    #expect(failure?.outcome == .perhapsDone)
    await daemon.stop()
  }

  @Test func whatOnlyReadsIsRepeatedAndLeavesNothing() async throws {
    let ann = try await client.create(Customer(firstName: "Ann"))
    way.loseAnswers(1)
    #expect(try await client.get(ann.customerID) == ann)
    way.loseAnswers(10)
    let failure = await failure { () async throws(CustomerError) in
      _ = try await client.get(ann.customerID)
    }
    #expect(failure?.outcome == .undone)
    await daemon.stop()
  }
}

/// A way to a daemon on which answers can get lost, with their connection.
private final class LossyWay: Sendable {
  private let path: String
  private let lossesLeft = Lock(0)

  init(to path: String) { self.path = path }

  /// Loses the next answers.
  func loseAnswers(_ count: Int) { lossesLeft.withLock { $0 = count } }

  /// Connects to the daemon, by way of a thread that hands on what comes.
  func connect() throws(SocketError) -> Socket {
    let (near, far) = try Socket.pair()
    let daemon = try Socket.connect(path: path)
    Thread.detachNewThread { [lossesLeft] in
      let isLost = {
        lossesLeft.withLock { count in
          count -= 1
          return count >= 0
        }
      }
      while let sent = Self.handOn(from: far, to: daemon, unless: { false }),
        let answered = Self.handOn(from: daemon, to: far, unless: isLost)
      {
        if !sent, !answered { usleep(200) }
      }
      far.shutDown()
      daemon.shutDown()
    }
    return near
  }

  /// Hands on what is there; nil at the end, false if there is nothing.
  private static func handOn(
    from source: Socket,
    to target: Socket,
    unless isLost: () -> Bool
  ) -> Bool? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    guard let outcome = try? source.read(into: &buffer, from: 0), outcome != .endOfStream else {
      return nil
    }
    guard case .bytes(let count) = outcome else { return false }
    if isLost() { return nil }
    var rest = Array(buffer[..<count])
    while !rest.isEmpty {
      guard let outcome = try? target.write(rest.span) else { return nil }
      if case .bytes(let count) = outcome { rest.removeFirst(count) } else { usleep(200) }
    }
    return true
  }
}
