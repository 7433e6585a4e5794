import Foundation
import TestSupport
import Testing

@testable import DispatchSockets

@Suite struct SocketTests {
  @Test func bytesArriveInOrder() throws {
    let (near, far) = try Socket.pair()
    #expect(try near.send("hello ") == .bytes(6))
    #expect(try near.send("world") == .bytes(5))
    #expect(try String(decoding: far.readAll().bytes, as: UTF8.self) == "hello world")
  }

  @Test func readingNothingWouldBlock() throws {
    let (near, far) = try Socket.pair()
    var memory = [UInt8](repeating: 0, count: 8)
    #expect(try near.read(into: &memory, from: 0) == .wouldBlock)
    withExtendedLifetime(far) {}
  }

  @Test func readsBehindWhatIsThere() throws {
    let (near, far) = try Socket.pair()
    _ = try far.send("cd")
    var memory = Array("ab....".utf8)
    #expect(try near.read(into: &memory, from: 2) == .bytes(2))
    #expect(memory == Array("abcd..".utf8))
  }

  @Test func writingToOneThatDoesNotReadWouldBlock() throws {
    let (near, far) = try Socket.pair()
    let bytes = [UInt8](repeating: 7, count: 64 << 10)
    var written = 0
    while case .bytes(let count) = try near.write(bytes.span) { written += count }
    #expect(written > 0)
    #expect(try far.readAll().bytes.count == written)
  }

  @Test func writingToOneThatIsGoneIsAnErrorAndNoSignal() throws {
    let (near, far) = try Socket.pair()
    far.shutDown()
    #expect(throws: SocketError.system(call: "write", subject: "socket", number: EPIPE)) {
      try near.send("x")
    }
  }

  @Test func halfCloseLeavesTheOtherHalf() throws {
    let (near, far) = try Socket.pair()
    _ = try near.send("last")
    near.shutDownWriting()
    let end = try far.readAll()
    #expect(end.bytes == Array("last".utf8))
    #expect(end.isAtEnd)
    _ = try far.send("answer")
    #expect(try near.readAll() == (Array("answer".utf8), false))
  }

  @Test func descriptorIsClosedWithTheLastReference() throws {
    var pair: (Socket, Socket)? = try Socket.pair()
    let name = try kernelName(of: #require(pair?.0.descriptor))
    #expect(try isOpen(name))
    pair = nil
    #expect(try !isOpen(name))
  }

  @Test func descriptorIsNotPassedOnToPrograms() throws {
    let (near, far) = try Socket.pair()
    #expect(fcntl(near.descriptor, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(near.descriptor, F_GETFL) & O_NONBLOCK != 0)
    withExtendedLifetime(far) {}
  }

  @Test func kernelSaysWhoIsThere() throws {
    let (near, far) = try Socket.pair()
    let peer = try near.credentials()
    #expect(peer.userID == getuid())
    #expect(peer.groupID == getgid())
    #expect(peer.processID == getpid())
    let name = try String(contentsOfFile: "/proc/self/comm", encoding: .utf8)
    #expect(peer.program + "\n" == name)
    withExtendedLifetime(far) {}
  }

  @Test func connectingToNothingSaysWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s")
    let error = #expect(throws: SocketError.self) { try Socket.connect(path: path) }
    #expect("\(try #require(error))" == "no daemon at \(path): no such file or directory")
  }

  /// A mode is written in octal, as in chmod(2); whose a file is stat(2) says.
  @Test func whoMayNotConnectHearsWhoMay() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("", to: "s")
    chmod(path, 0o620)
    let error = SocketError.notPermitted(path: path, number: EACCES, SocketPermissions(path: path))
    #expect(
      "\(error)" == "this user may not connect to \(path): it is user \(getuid())'s and group "
        + "\(getgid())'s, with the mode 0620"
    )
    let hidden = SocketError.notPermitted(path: "/a/s", number: EACCES, nil)
    #expect(
      "\(hidden)"
        == "this user may not connect to /a/s: permission denied, perhaps by a folder on the way"
    )
  }

  @Test func connectingToAnEmptyPathIsRefused() {
    #expect(throws: SocketError.notServed(path: "an empty path", number: ENOENT)) {
      try Socket.connect(path: "")
    }
  }

  /// unix(7): `sun_path` has 108 bytes, the last of them zero.
  @Test func pathOneByteTooLongIsRefused() {
    let path = "/" + String(repeating: "x", count: 107)
    let error = #expect(throws: SocketError.self) { try Socket.connect(path: path) }
    #expect(error.map { "\($0)" } == "socket path of 108 bytes is over the limit of 107: \(path)")
    #expect(throws: SocketError.notServed(path: String(path.dropLast()), number: ENOENT)) {
      try Socket.connect(path: String(path.dropLast()))
    }
  }
}
