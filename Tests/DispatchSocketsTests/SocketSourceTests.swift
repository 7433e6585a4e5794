import Foundation
import TestSupport
import Testing

@testable import DispatchSockets

@Suite struct SocketSourceTests {
  private let loop = EventLoop(label: "test")

  @Test func tellsWhenThereIsSomethingToRead() async throws {
    let (near, far) = try Socket.pair()
    let source = SocketSource(near, on: loop)
    let received = Collected<String>()
    source.activate(onReadable: {
      guard let part = try? near.readAll() else { return }
      received.add(String(decoding: part.bytes, as: UTF8.self))
    })
    _ = try far.send("one")
    #expect(try await received.wait(for: 1) == ["one"])
    _ = try far.send("two")
    #expect(try await received.wait(for: 2) == ["one", "two"])
    source.cancel()
  }

  @Test func saysNothingWhileReadingIsSuspended() async throws {
    let (near, far) = try Socket.pair()
    let source = SocketSource(near, on: loop)
    let received = Collected<Int>()
    source.suspendReading()
    source.activate(onReadable: { received.add((try? near.readAll().bytes.count) ?? -1) })
    _ = try far.send("four")
    try await Task.sleep(for: .milliseconds(30))
    #expect(received.all.isEmpty)
    source.resumeReading()
    source.resumeReading()
    #expect(try await received.wait(for: 1) == [4])
    source.cancel()
  }

  @Test func tellsOnceWhenThereIsRoomToWrite() async throws {
    let (near, far) = try Socket.pair()
    let source = SocketSource(near, on: loop)
    let rooms = Collected<Bool>()
    source.activate(onReadable: {}, onWritable: { rooms.add(true) })
    let bytes = [UInt8](repeating: 7, count: 64 << 10)
    while case .bytes = try near.write(bytes.span) {}
    source.awaitWritable()
    source.awaitWritable()
    try await Task.sleep(for: .milliseconds(30))
    #expect(rooms.all.isEmpty)
    _ = try far.readAll()
    #expect(try await rooms.wait(for: 1) == [true])
    try await Task.sleep(for: .milliseconds(30))
    #expect(rooms.all.count == 1)
    source.awaitWritable()
    #expect(try await rooms.wait(for: 2).count == 2)
    source.cancel()
  }

  @Test(arguments: [false, true], [false, true])
  func cancellingClosesOnceWhateverIsSuspended(isReading: Bool, hasWritten: Bool) async throws {
    var pair: (near: Socket, far: Socket)? = try Socket.pair()
    let name = try kernelName(of: #require(pair?.near.descriptor))
    var source: SocketSource? = SocketSource(try #require(pair?.near), on: loop)
    let writable = Collected<Bool>()
    let closed = Collected<Bool>()
    source?.activate(
      onReadable: {},
      onWritable: { writable.add(true) },
      onClose: { closed.add(true) }
    )
    if hasWritten {
      source?.awaitWritable()
      _ = try await writable.wait(for: 1)
    }
    if !isReading { source?.suspendReading() }
    source?.cancel()
    source?.cancel()
    source?.resumeReading()
    source?.awaitWritable()
    #expect(try await closed.wait(for: 1) == [true])
    #expect(try pair?.far.readAll().isAtEnd == true)
    pair?.far.shutDown()
    source = nil
    pair = nil
    #expect(try await waitUntilClosed(name))
    #expect(closed.all.count == 1)
  }

  @Test func cancellingStopsHandlersThatComeAfterIt() async throws {
    let (near, far) = try Socket.pair()
    let source = SocketSource(near, on: loop)
    let calls = Collected<Bool>()
    let closed = Collected<Bool>()
    source.activate(
      onReadable: {
        calls.add(true)
        source.cancel()
      },
      onClose: { closed.add(true) }
    )
    _ = try far.send("never read")
    _ = try await closed.wait(for: 1)
    #expect(calls.all.count == 1)
  }

  @Test func manyConnectionsShareALoop() async throws {
    let count = 200
    let received = Collected<Int>()
    var ends: [(SocketSource, Socket)] = []
    for index in 0..<count {
      let (near, far) = try Socket.pair()
      let source = SocketSource(near, on: loop)
      source.activate(onReadable: {
        guard let part = try? near.readAll(), !part.bytes.isEmpty else { return }
        received.add(index)
      })
      ends.append((source, far))
    }
    for (_, far) in ends.shuffled() { _ = try far.send("x") }
    #expect(try await received.wait(for: count).sorted() == Array(0..<count))
    for (source, _) in ends { source.cancel() }
  }
}
