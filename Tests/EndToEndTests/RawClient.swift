import Foundation

/// A client that knows no protocol: bytes on a socket.
final class RawClient {
  private let descriptor: Int32

  /// Connects; `nil` if that doesn't work.
  init?(_ path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
    }
    guard result == 0 else {
      close(descriptor)
      return nil
    }
  }

  deinit { close(descriptor) }

  /// Sends a text.
  func send(_ text: String) { send(Array(text.utf8)) }

  /// Sends bytes, and waits until the daemon has taken most of them.
  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until the daemon has closed the connection.
  func awaitEnd() {
    var byte: UInt8 = 0
    while recv(descriptor, &byte, 1, 0) > 0 {}
  }

  /// Connects so many times, one after the other, and breaks the protocol each time.
  ///
  /// - Returns: How many connections there were.
  static func flood(_ path: String, _ count: Int) -> Int {
    (0..<count).reduce(0) { done, _ in
      guard let client = RawClient(path) else { return done }
      client.send("X")
      client.awaitEnd()
      return done + 1
    }
  }
}
