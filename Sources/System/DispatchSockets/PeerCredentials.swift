#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// The process at the other end of a socket, as the kernel saw it when the connection was made.
package struct PeerCredentials: Equatable, Sendable {
  /// The user's number.
  package var userID: UInt32

  /// The group's number.
  package var groupID: UInt32

  /// The process's number; 0 where the system doesn't tell.
  package var processID: Int32

  /// The program's short name, at most fifteen bytes; empty where the system doesn't tell.
  ///
  /// A process may call itself anything: the name is for people, never for decisions.
  package var program: String
}

extension Socket {
  /// Asks the kernel who is at the other end.
  package func credentials() throws(SocketError) -> PeerCredentials {
    #if canImport(Glibc)
    // Linux's `struct ucred`, which the Glibc module leaves out: pid, uid, gid.
    var answer: (process: Int32, user: UInt32, group: UInt32) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: answer))
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &answer, &size) == 0 else {
      throw .last("SO_PEERCRED")
    }
    return PeerCredentials(
      userID: answer.user,
      groupID: answer.group,
      processID: answer.process,
      program: Self.program(of: answer.process)
    )
    #else
    var user: uid_t = 0
    var group: gid_t = 0
    guard getpeereid(descriptor, &user, &group) == 0 else { throw .last("getpeereid") }
    var process: pid_t = 0
    var size = socklen_t(MemoryLayout<pid_t>.size)
    _ = getsockopt(descriptor, SOL_LOCAL, LOCAL_PEERPID, &process, &size)
    return PeerCredentials(userID: user, groupID: group, processID: process, program: "")
    #endif
  }

  #if canImport(Glibc)
  private static func program(of process: Int32) -> String {
    let file = open("/proc/\(process)/comm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { Glibc.close(file) }
    var name = [UInt8](repeating: 0, count: 64)
    let count = Glibc.read(file, &name, name.count)
    guard count > 0 else { return "" }
    return String(decoding: name[..<count].prefix { $0 != 10 }, as: UTF8.self)
  }
  #endif
}
