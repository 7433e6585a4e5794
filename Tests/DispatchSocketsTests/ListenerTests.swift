import Foundation
import TestSupport
import Testing

@testable import DispatchSockets

@Suite struct ListenerTests {
  private let loop = EventLoop(label: "test")
  private let folder: TemporaryFolder
  private var path: String { folder.file("customers.sock") }

  init() throws { folder = try TemporaryFolder() }

  /// A socket file whose listener is dead.
  private func leaveStaleSocket() throws {
    let socket = try Socket.make()
    var address = try UnixAddress(path: path)
    #expect(address.withPointer { bind(socket.descriptor, $0, $1) } == 0)
    #expect(listen(socket.descriptor, 1) == 0)
  }

  @Test func handsConnectionsOver() async throws {
    let listener = try Listener(path: path, on: loop)
    let accepted = Collected<Socket>()
    listener.activate { accepted.add($0) }
    let clients = try (0..<100).map { _ in try Socket.connect(path: path) }
    let servers = try await accepted.wait(for: 100)
    #expect(servers.count == 100)
    #expect(try servers[0].credentials().processID == getpid())
    for server in servers { _ = try server.send("hi") }
    for client in clients { #expect(try client.readAll().bytes == Array("hi".utf8)) }
    listener.cancel()
  }

  @Test(arguments: [0o600, 0o660, 0o666])
  func fileHasItsMode(mode: Int) throws {
    let listener = try Listener(path: path, mode: UInt32(mode), on: loop)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == mode)
    #expect(attributes[.type] as? FileAttributeType == .typeSocket)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["customers.sock"])
    listener.cancel()
  }

  @Test func replacesWhatADeadDaemonLeft() async throws {
    try leaveStaleSocket()
    #expect(throws: SocketError.notServed(path: path, number: ECONNREFUSED)) {
      try Socket.connect(path: path)
    }
    let listener = try Listener(path: path, on: loop)
    let accepted = Collected<Socket>()
    listener.activate { accepted.add($0) }
    let client = try Socket.connect(path: path)
    #expect(try await accepted.wait(for: 1).count == 1)
    listener.cancel()
    withExtendedLifetime(client) {}
  }

  @Test func neverTakesALiveDaemonsFile() throws {
    let first = try Listener(path: path, on: loop)
    let error = #expect(throws: SocketError.self) { try Listener(path: path, on: loop) }
    #expect(error.map { "\($0)" } == "\(path) is served by a running daemon")
    _ = try Socket.connect(path: path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["customers.sock"])
    first.cancel()
  }

  @Test func oneOfManyThatStartAtOnceWins() async throws {
    try leaveStaleSocket()
    let path = path
    let loop = loop
    let listeners = await withTaskGroup(of: Listener?.self) { group in
      for _ in 0..<8 { group.addTask { try? Listener(path: path, on: loop) } }
      return await group.reduce(into: [Listener]()) { if let listener = $1 { $0.append(listener) } }
    }
    #expect(listeners.count == 1)
    _ = try Socket.connect(path: path)
    for listener in listeners { listener.cancel() }
  }

  @Test func neverRemovesWhatIsNoSocket() throws {
    _ = try folder.write("precious", to: "customers.sock")
    let error = #expect(throws: SocketError.self) { try Listener(path: path, on: loop) }
    #expect(error.map { "\($0)" } == "\(path) exists and is no socket")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test func doesNotFollowALinkToASocket() throws {
    let real = try Listener(path: folder.file("real"), on: loop)
    try FileManager.default.createSymbolicLink(
      atPath: path,
      withDestinationPath: folder.file("real")
    )
    #expect(throws: SocketError.notASocket(path: path)) { try Listener(path: path, on: loop) }
    real.cancel()
  }

  @Test func removesItsFileAtTheEnd() throws {
    let listener = try Listener(path: path, on: loop)
    listener.cancel()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func leavesAFileThatIsNotItsOwn() throws {
    let listener = try Listener(path: path, on: loop)
    try FileManager.default.removeItem(atPath: path)
    let other = try Listener(path: path, on: loop)
    listener.cancel()
    #expect(FileManager.default.fileExists(atPath: path))
    other.cancel()
  }

  @Test func longestPathWorksAndOneMoreIsRefused() async throws {
    let name = String(repeating: "n", count: 107 - folder.path.utf8.count - 1)
    let listener = try Listener(path: folder.file(name), on: loop)
    _ = try Socket.connect(path: folder.file(name))
    listener.cancel()
    let tooLong = folder.file(name + "n")
    #expect(throws: SocketError.pathTooLong(path: tooLong, length: 108, lengthMax: 107)) {
      try Listener(path: tooLong, on: loop)
    }
  }

  @Test func folderThatIsMissingIsNamed() {
    let path = folder.file("missing/s")
    let error = #expect(throws: SocketError.self) { try Listener(path: path, on: loop) }
    #expect(error?.number == ENOENT)
  }

  @Test func takesOverAnInheritedDescriptor() async throws {
    let inherited = try Socket.make()
    var address = try UnixAddress(path: path)
    #expect(address.withPointer { bind(inherited.descriptor, $0, $1) } == 0)
    #expect(throws: SocketError.notAListener(descriptor: inherited.descriptor)) {
      try Listener(inherited: inherited.descriptor, on: loop)
    }
    #expect(listen(inherited.descriptor, 8) == 0)
    let listener = try Listener(inherited: dup(inherited.descriptor), on: loop)
    #expect(listener.path == path)
    let accepted = Collected<Socket>()
    listener.activate { accepted.add($0) }
    let client = try Socket.connect(path: path)
    #expect(try await accepted.wait(for: 1).count == 1)
    listener.cancel()
    #expect(FileManager.default.fileExists(atPath: path))
    withExtendedLifetime(client) {}
  }

  /// The service manager keeps the socket, and starts the next process when somebody connects.
  @Test func leavesAnInheritedSocketToTheNextProcess() async throws {
    let shared = try Socket.make()
    var address = try UnixAddress(path: path)
    #expect(address.withPointer { bind(shared.descriptor, $0, $1) } == 0)
    #expect(listen(shared.descriptor, 8) == 0)
    let first = try Listener(inherited: dup(shared.descriptor), on: loop)
    first.activate { _ in }
    first.cancel()
    let client = try Socket.connect(path: path)
    let second = try Listener(inherited: dup(shared.descriptor), on: loop)
    let accepted = Collected<Socket>()
    second.activate { accepted.add($0) }
    #expect(try await accepted.wait(for: 1).count == 1)
    second.cancel()
    withExtendedLifetime(client) {}
  }

  @Test func pausesInsteadOfSpinningWhenDescriptorsRunOut() async throws {
    let socket = try Socket.make()
    var address = try UnixAddress(path: path)
    #expect(address.withPointer { bind(socket.descriptor, $0, $1) } == 0)
    #expect(listen(socket.descriptor, 8) == 0)
    let failures = Collected<SocketError>()
    let listener = try Listener(
      inherited: dup(socket.descriptor),
      on: loop,
      accept: { descriptor in
        if failures.all.count >= 3 { return accept(descriptor, nil, nil) }
        errno = EMFILE
        return -1
      },
      onFailure: { failures.add($0) }
    )
    let accepted = Collected<Socket>()
    listener.activate { accepted.add($0) }
    let start = ContinuousClock.now
    let client = try Socket.connect(path: path)
    #expect(try await accepted.wait(for: 1).count == 1)
    #expect(ContinuousClock.now - start >= .milliseconds(300))
    #expect(failures.all.map(\.number) == [EMFILE, EMFILE, EMFILE])
    listener.cancel()
    withExtendedLifetime(client) {}
  }

  /// sd_listen_fds(3).
  @Test func serviceManagerHandsDescriptorsOverFromThreeOn() {
    func inherited(_ process: Int32, _ count: String) -> [Int32] {
      let variables = ["LISTEN_PID": "\(process)", "LISTEN_FDS": count]
      return Listener.inheritedDescriptors { variables[$0] }
    }
    #expect(inherited(getpid(), "2") == [3, 4])
    #expect(inherited(getpid() + 1, "2") == [])
    #expect(inherited(getpid(), "0") == [])
    #expect(inherited(getpid(), "64").count == 64)
    #expect(inherited(getpid(), "65") == [])
    #expect(inherited(getpid(), "-1") == [])
    #expect(Listener.inheritedDescriptors { _ in nil } == [])
  }

  @Test func standardInputIsNoListener() {
    #expect(throws: SocketError.notAListener(descriptor: 0)) {
      try Listener(inherited: 0, on: loop)
    }
  }
}
