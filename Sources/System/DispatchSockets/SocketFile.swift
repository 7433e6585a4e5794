#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// The file of a listening socket: how it comes to its path and how it goes.
///
/// The socket is bound to a temporary name in the same folder and moved to its path when it is
/// ready, so nobody meets one that refuses or that has the wrong mode. Daemons that start at the
/// same moment take turns by a lock on the folder.
struct SocketFile: Sendable {
  let path: String
  private let identity: FileIdentity

  /// Names tried before the folder counts as full of them.
  private static let temporaryNamesMax = 16

  /// Listens at a temporary path, then moves the file to its path.
  ///
  /// - Parameters:
  ///   - path: Where the file is to be in the end.
  ///   - listen: Binds a socket to the path it is given and listens.
  /// - Throws: What ``Listener`` throws.
  init(
    path: String,
    listen: (String) throws(SocketError) -> Void
  ) throws(SocketError) {
    _ = try UnixAddress(path: path)
    let folder = Self.folder(of: path)
    let lock = FolderLock(folder: folder)
    defer { lock.unlock() }
    try Self.checkIsFree(path)

    let temporaryPath = try Self.listenSomewhere(in: folder, listen)
    var isMoved = false
    defer { if !isMoved { unlink(temporaryPath) } }
    guard let identity = FileIdentity(path: temporaryPath) else {
      throw .last("lstat", temporaryPath)
    }
    // Whoever doesn't take the lock may have come in the meantime.
    try Self.checkIsFree(path)
    guard rename(temporaryPath, path) == 0 else { throw .last("rename", path) }
    isMoved = true
    self.path = path
    self.identity = identity
  }

  /// Removes the file, unless another has taken its place.
  func remove() {
    if FileIdentity(path: path) == identity { unlink(path) }
  }

  /// Checks that nothing stands at a path but perhaps a socket that nobody serves.
  private static func checkIsFree(_ path: String) throws(SocketError) {
    guard let file = FileIdentity(path: path) else {
      if errno == ENOENT { return }
      throw .last("lstat", path)
    }
    guard file.isSocket else { throw .notASocket(path: path) }
    do throws(SocketError) {
      _ = try Socket.connect(path: path)
      throw .served(path: path)
    } catch {
      switch error {
      case .notServed: return
      // A queue that is full, and a socket that isn't a stream, have an owner as well.
      case .system(_, _, let number)
      where number == EAGAIN || number == EPROTOTYPE:
        throw .served(path: path)
      default: throw error
      }
    }
  }

  private static func listenSomewhere(
    in folder: String,
    _ listen: (String) throws(SocketError) -> Void
  ) throws(SocketError) -> String {
    // As long as the address allows, but no longer than is needed to be alone.
    let length = max(1, min(12, Socket.pathLengthMax - folder.utf8.count - 1))
    var attempts = 0
    while true {
      attempts += 1
      let random = String(UInt64.random(in: UInt64.max / 2...UInt64.max), radix: 36)
      let name = length == 1 ? random.suffix(1) : ".\(random)".prefix(length)
      let temporaryPath = "\(folder)/\(name)"
      do {
        try listen(temporaryPath)
        return temporaryPath
      } catch {
        guard error.number == EADDRINUSE, attempts < temporaryNamesMax else {
          unlink(temporaryPath)
          throw error
        }
      }
    }
  }

  /// The folder a path is in: `.` for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/." : String(path[..<slash])
  }
}

/// Which file a path leads to, links not followed.
struct FileIdentity: Equatable {
  private let device: UInt64
  private let inode: UInt64
  private let mode: mode_t
  private let owner: uid_t

  /// Looks at a path; `nil`, with the reason in `errno`, if there is nothing.
  init?(path: String) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: information.st_dev)
    inode = UInt64(truncatingIfNeeded: information.st_ino)
    mode = information.st_mode
    owner = information.st_uid
  }

  var isSocket: Bool { mode & S_IFMT == S_IFSOCK }

  /// Whether it is a folder in which only its owner, this process's user, can make files.
  var isPrivateFolder: Bool {
    mode & S_IFMT == S_IFDIR && owner == geteuid() && mode & 0o022 == 0
  }

  static func == (left: Self, right: Self) -> Bool {
    left.device == right.device && left.inode == right.inode
  }
}

/// A lock on a folder that daemons hold while they take a path in it.
private struct FolderLock {
  private let descriptor: Int32

  /// How long another's lock is respected, in steps of ten milliseconds.
  private static let attemptsMax = 100

  /// Takes the lock; goes on without it where the folder can't be opened or is locked for long.
  init(folder: String) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { return }
    var attempts = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0, attempts < Self.attemptsMax {
      usleep(10_000)
      attempts += 1
    }
  }

  func unlock() {
    if descriptor >= 0 { close(descriptor) }
  }
}
