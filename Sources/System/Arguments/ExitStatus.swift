/// The number a program ends with; the same in every program of this package.
package enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Everything asked for was done.
  case success = 0

  /// Some rows failed, or whatever went wrong has no number of its own.
  case failure = 1

  /// The command line can't be understood.
  case usage = 2

  /// What was asked for isn't there.
  case notFound = 3

  /// Somebody else wrote in between, or the thing is there already.
  case conflict = 4

  /// The data is refused: it breaks a rule of the schema or isn't readable.
  case invalidData = 5

  /// No daemon answers.
  case unreachable = 6

  /// The user pressed Ctrl-C: 128 and the number of SIGINT, as shells count it.
  case interrupted = 130
}
