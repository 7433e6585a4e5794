import Host

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Where a daemon and its clients meet when nobody says otherwise.
package enum SocketPath {
  /// The usual path of a service's socket.
  ///
  /// 1. the value of `variable`, if it is set and not empty;
  /// 2. `$XDG_RUNTIME_DIR/NAME.sock`, if that folder is an absolute path;
  /// 3. `NAME-UID/NAME.sock` in `$TMPDIR`, else in `/tmp`: a folder that ``prepareFolder(of:)``
  ///    makes.
  ///
  /// - Parameters:
  ///   - name: The service's name, such as `customers`.
  ///   - variable: The environment variable that overrides, such as `CUSTOMERS_SOCKET`.
  ///   - environment: The value of a variable; `nil` if it isn't set.
  /// - Returns: The path; nothing need be there yet.
  package static func usual(
    name: String,
    variable: String,
    environment: (String) -> String? = ProcessEnvironment.text(of:)
  ) -> String {
    if let path = environment(variable) { return path }
    if let folder = environment("XDG_RUNTIME_DIR"), folder.hasPrefix("/") {
      return "\(folder)/\(name).sock"
    }
    var temporary = environment("TMPDIR") ?? "/tmp"
    while temporary.hasSuffix("/"), temporary.utf8.count > 1 { temporary.removeLast() }
    return "\(temporary)/\(name)-\(geteuid())/\(name).sock"
  }

  /// Makes the folder of a socket's path, for this user alone, unless it exists.
  ///
  /// - Throws: ``SocketError/folderNotPrivate(path:)`` if it exists and somebody else owns it or can
  ///   write to it, for a folder of the form that ``usual(name:variable:environment:)`` makes up; other folders
  ///   are the caller's own choice.
  package static func prepareFolder(of path: String) throws(SocketError) {
    let folder = SocketFile.folder(of: path)
    if mkdir(folder, 0o700) != 0, errno != EEXIST { throw .last("mkdir", folder) }
    try checkFolder(of: path)
  }

  /// Checks that nobody else could have put a socket at a path that ``usual(name:variable:environment:)`` made
  /// up in the temporary folder, where everybody may write.
  ///
  /// - Throws: ``SocketError/folderNotPrivate(path:)``. A folder that doesn't exist is no error.
  package static func checkFolder(of path: String) throws(SocketError) {
    let folder = SocketFile.folder(of: path)
    guard folder.hasSuffix("-\(geteuid())"), let file = FileIdentity(path: folder) else { return }
    guard file.isPrivateFolder else { throw .folderNotPrivate(path: folder) }
  }
}
