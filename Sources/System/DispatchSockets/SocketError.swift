#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Why a socket can't be had or used.
package enum SocketError: Error, Equatable, Sendable {
  /// A system call refused; `subject` is what it was about, such as a path.
  case system(call: String, subject: String, number: Int32)

  /// Nobody listens at a path; `number` tells whether a file is there.
  case notServed(path: String, number: Int32)

  /// This user may not connect to a path: `number` is `EACCES` or `EPERM`.
  case notPermitted(path: String, number: Int32, SocketPermissions?)

  /// A program listens at a path where we were to listen.
  case served(path: String)

  /// What stands at a path isn't a socket, so it isn't ours to replace.
  case notASocket(path: String)

  /// A path has more bytes than a socket's address can hold.
  case pathTooLong(path: String, length: Int, lengthMax: Int)

  /// A folder that must belong to this user alone belongs to others too.
  case folderNotPrivate(path: String)

  /// A descriptor that was handed to us isn't a Unix stream socket that listens.
  case notAListener(descriptor: Int32)

  /// Makes the error of a system call that just failed.
  static func last(_ call: String, _ subject: String = "socket") -> SocketError {
    .system(call: call, subject: subject, number: errno)
  }

  /// The system's number of the error, such as `EACCES`; 0 if the system has no part in it.
  package var number: Int32 {
    switch self {
    case .system(_, _, let number), .notServed(_, let number), .notPermitted(_, let number, _):
      number
    case .served, .notASocket, .pathTooLong, .folderNotPrivate, .notAListener: 0
    }
  }
}

extension SocketError {
  /// Whether somebody listens who has no room for one more connection right now.
  package var isBusy: Bool { number == EAGAIN }

  /// Whether the process, or the system, has as many files open as may be.
  package var isOutOfDescriptors: Bool { number == EMFILE || number == ENFILE }
}

extension SocketError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let call, let subject, let number):
      "\(subject): \(call): \(Self.text(of: number))"
    case .notServed(let path, let number):
      "no daemon at \(path): \(Self.text(of: number))"
    case .notPermitted(let path, _, let permissions?):
      "this user may not connect to \(path): \(permissions)"
    case .notPermitted(let path, let number, nil):
      "this user may not connect to \(path): \(Self.text(of: number)), perhaps by a folder on the way"
    case .served(let path):
      "\(path) is served by a running daemon"
    case .notASocket(let path):
      "\(path) exists and is no socket"
    case .pathTooLong(let path, let length, let lengthMax):
      "socket path of \(length) bytes is over the limit of \(lengthMax): \(path)"
    case .folderNotPrivate(let path):
      "\(path) is no folder that only this user can write to"
    case .notAListener(let descriptor):
      "descriptor \(descriptor) is no listening Unix socket"
    }
  }

  /// What the system calls an error, with a small first letter.
  private static func text(of number: Int32) -> String {
    guard let text = strerror(number) else { return "error \(number)" }
    let sentence = String(cString: text)
    return sentence.prefix(1).lowercased() + sentence.dropFirst()
  }
}

/// To whom a socket's file belongs, and who may write to it, which is to connect.
package struct SocketPermissions: Equatable, Sendable {
  /// The owner's number.
  package var userID: UInt32

  /// The group's number.
  package var groupID: UInt32

  /// The nine bits of who may do what.
  package var mode: UInt32

  /// Looks at a file; `nil` if that isn't permitted either.
  init?(path: String) {
    var found = stat()
    guard stat(path, &found) == 0 else { return nil }
    userID = found.st_uid
    groupID = found.st_gid
    mode = UInt32(found.st_mode) & 0o777
  }
}

extension SocketPermissions: CustomStringConvertible {
  package var description: String {
    let digits = String(mode, radix: 8)
    let padded = String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    return "it is user \(userID)'s and group \(groupID)'s, with the mode \(padded)"
  }
}
