#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// One end of a connected Unix stream socket; it owns the descriptor.
///
/// Reading and writing never wait, never raise SIGPIPE and may be done from any thread; the
/// descriptor isn't passed on to programs this one starts. It is closed when the last reference is
/// let go of and at no other time, so nobody can be caught using a number that has become another
/// file's. ``shutDown()`` ends the connection before that.
package final class Socket: Sendable {
  let descriptor: Int32

  /// Takes a descriptor over and makes it non-blocking.
  package init(owning descriptor: Int32) throws(SocketError) {
    self.descriptor = descriptor
    try Self.prepare(descriptor)
  }

  deinit { _ = Self.close(descriptor) }

  /// What a read or a write did.
  package enum Outcome: Equatable, Sendable {
    /// So many bytes went over; at least one.
    case bytes(Int)

    /// Nothing went over: there is nothing to read, or no room to write.
    case wouldBlock

    /// The peer sends no more.
    case endOfStream
  }

  /// Reads into memory, which must not be empty.
  package func read(into memory: UnsafeMutableRawBufferPointer) throws(SocketError) -> Outcome {
    precondition(!memory.isEmpty)
    while true {
      let count = recv(descriptor, memory.baseAddress, memory.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .endOfStream }
      if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
      if errno != EINTR { throw .last("read") }
    }
  }

  /// Reads into memory, which must not be empty.
  package func read(into memory: inout MutableRawSpan) throws(SocketError) -> Outcome {
    try memory.withUnsafeMutableBytes { (bytes) throws(SocketError) in try read(into: bytes) }
  }

  /// Reads into an array from an index on; the array must be longer than that.
  package func read(into array: inout [UInt8], from index: Int) throws(SocketError) -> Outcome {
    precondition(index < array.count)
    var elements = array.mutableSpan
    var bytes = elements.mutableBytes
    return try bytes.withUnsafeMutableBytes { (bytes) throws(SocketError) in
      try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[index...]))
    }
  }

  /// Writes as much as there is room for; never ``Outcome/endOfStream``.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Outcome {
    if bytes.isEmpty { return .bytes(0) }
    while true {
      let count = send(descriptor, bytes.baseAddress, bytes.count, Self.sendFlags)
      if count >= 0 { return .bytes(count) }
      if errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS { return .wouldBlock }
      if errno != EINTR { throw .last("write") }
    }
  }

  /// Writes as much as there is room for; never ``Outcome/endOfStream``.
  package func write(_ bytes: RawSpan) throws(SocketError) -> Outcome {
    try bytes.withUnsafeBytes { (bytes) throws(SocketError) in try write(bytes) }
  }

  /// Writes as much as there is room for; never ``Outcome/endOfStream``.
  package func write(_ bytes: Span<UInt8>) throws(SocketError) -> Outcome {
    try bytes.withUnsafeBufferPointer { (bytes) throws(SocketError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Tells the peer that nothing more comes; what it sends can still be read.
  package func shutDownWriting() {
    _ = shutdown(descriptor, Self.shutWrite)
  }

  /// Ends the connection both ways; the peer still gets what was written.
  package func shutDown() {
    _ = shutdown(descriptor, Self.shutBoth)
  }
}

extension Socket {
  /// The longest path that a socket can have, in bytes: Linux's 108 less the closing zero.
  ///
  /// Smaller where the system's address is smaller (macOS: 103).
  package static let pathLengthMax = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  /// Connects to what listens at a path.
  ///
  /// It never waits: a listener whose queue is full is ``SocketError/system(call:subject:number:)``
  /// with `EAGAIN`.
  package static func connect(path: String) throws(SocketError) -> Socket {
    var address = try UnixAddress(path: path)
    let socket = try make()
    while true {
      let result = address.withPointer { systemConnect(socket.descriptor, $0, $1) }
      if result == 0 || errno == EISCONN { return socket }
      if errno == EINTR { continue }
      if errno == ENOENT || errno == ECONNREFUSED || errno == ENOTDIR {
        throw .notServed(path: path, number: errno)
      }
      if errno == EACCES || errno == EPERM {
        throw .notPermitted(path: path, number: errno, SocketPermissions(path: path))
      }
      throw .last("connect", path)
    }
  }

  /// Makes two sockets that are connected to each other.
  package static func pair() throws(SocketError) -> (Socket, Socket) {
    var descriptors: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, streamType, 0, &descriptors) == 0 else { throw .last("socketpair") }
    let first = try Socket(owning: descriptors[0])
    return (first, try Socket(owning: descriptors[1]))
  }

  /// Makes a socket that is neither bound nor connected.
  static func make() throws(SocketError) -> Socket {
    let descriptor = socket(AF_UNIX, streamType, 0)
    guard descriptor >= 0 else { throw .last("socket") }
    return try Socket(owning: descriptor)
  }

  /// Makes a descriptor non-blocking, closed on exec and silent about a peer that is gone.
  private static func prepare(_ descriptor: Int32) throws(SocketError) {
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
      fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
    else { throw .last("fcntl") }
    #if canImport(Darwin)
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  #if canImport(Glibc)
  static let streamType = Int32(SOCK_STREAM.rawValue)
  static let sendFlags = Int32(MSG_NOSIGNAL)
  private static let shutWrite = Int32(SHUT_WR)
  private static let shutBoth = Int32(SHUT_RDWR)
  private static func close(_ descriptor: Int32) -> Int32 { Glibc.close(descriptor) }
  private static func systemConnect(
    _ descriptor: Int32,
    _ address: UnsafePointer<sockaddr>,
    _ length: socklen_t
  ) -> Int32 {
    Glibc.connect(descriptor, address, length)
  }
  #else
  static let streamType = SOCK_STREAM
  static let sendFlags: Int32 = 0
  private static let shutWrite = SHUT_WR
  private static let shutBoth = SHUT_RDWR
  private static func close(_ descriptor: Int32) -> Int32 { Darwin.close(descriptor) }
  private static func systemConnect(
    _ descriptor: Int32,
    _ address: UnsafePointer<sockaddr>,
    _ length: socklen_t
  ) -> Int32 {
    Darwin.connect(descriptor, address, length)
  }
  #endif
}

/// A path in the form the system takes.
struct UnixAddress {
  private var address = sockaddr_un()
  private var length = socklen_t(MemoryLayout<sockaddr_un>.size)

  /// Creates an address.
  ///
  /// - Throws: ``SocketError/pathTooLong(path:length:lengthMax:)``, and `ENOENT` for an empty path,
  ///   which would mean an address without a file, and `EINVAL` for one with a zero byte.
  init(path: String) throws(SocketError) {
    let bytes = Array(path.utf8)
    guard bytes.count <= Socket.pathLengthMax else {
      throw .pathTooLong(path: path, length: bytes.count, lengthMax: Socket.pathLengthMax)
    }
    guard !bytes.isEmpty else { throw .notServed(path: "an empty path", number: ENOENT) }
    guard !bytes.contains(0) else { throw .system(call: "connect", subject: path, number: EINVAL) }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  }

  /// Creates the address of a socket that has a name but no file, as Linux knows them.
  ///
  /// Source: unix(7). A zero byte stands before the name, and none after it.
  ///
  /// - Throws: ``SocketError/pathTooLong(path:length:lengthMax:)``.
  init(abstractName name: String) throws(SocketError) {
    let bytes = Array(name.utf8)
    guard bytes.count <= Socket.pathLengthMax else {
      throw .pathTooLong(path: "@\(name)", length: bytes.count, lengthMax: Socket.pathLengthMax)
    }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { path in
      UnsafeMutableRawBufferPointer(rebasing: path.dropFirst()).copyBytes(from: bytes)
    }
    let nameOffset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 0
    length = socklen_t(nameOffset + 1 + bytes.count)
  }

  /// The address that a descriptor's socket is bound to; `nil` if it is no Unix socket.
  init?(of descriptor: Int32) {
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    guard result == 0, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
  }

  /// The path; `nil` if there is no file.
  var path: String? {
    let bytes = withUnsafeBytes(of: address.sun_path) { Array($0.prefix { $0 != 0 }) }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// Calls a function with the address and its size.
  mutating func withPointer(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, length)
      }
    }
  }
}
