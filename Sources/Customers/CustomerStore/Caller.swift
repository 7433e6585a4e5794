/// Whose work is done: what is scarce is handed out in turn, by user and by connection of a user.
package struct Caller: Hashable, Sendable {
  /// The user's number.
  package var user: UInt32

  /// The connection's number; no other connection of any user has it.
  package var connection: UInt64

  /// Creates a caller.
  package init(user: UInt32, connection: UInt64) {
    self.user = user
    self.connection = connection
  }

  /// Nobody in particular: what is done for all, or by the daemon itself.
  ///
  /// No connection has the number 0.
  package static let everybody = Caller(user: 0, connection: 0)

  /// The caller that the running task works for.
  @TaskLocal package static var current = everybody
}
