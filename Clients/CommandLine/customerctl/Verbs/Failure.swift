import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// What a verb ends with when it doesn't succeed: the lines for standard error and the status.
struct Failure: Error, Equatable {
  /// Without the program's name; the first line says what is wrong.
  var lines: [String]

  /// What the program ends with.
  var status: ExitStatus

  /// Creates a failure of one line.
  init(_ line: String, _ status: ExitStatus) {
    lines = [line]
    self.status = status
  }

  /// Creates a failure.
  init(lines: [String], _ status: ExitStatus) {
    self.lines = lines
    self.status = status
  }
}

extension Failure {
  /// Says what a failed call means to the user.
  ///
  /// - Parameters:
  ///   - error: What went wrong.
  ///   - socket: Where the daemon was looked for.
  init(_ error: CustomerError, socket: String) {
    switch error {
    case .notFound(let message, _):
      self.init(message, .notFound)
    case .conflict(let message, let current):
      self.init(message, .conflict)
      guard let current else { return }
      lines.append(
        "it is at version \(current.version) now: get it, make the change again, then update it"
      )
    case .editConflict(let message, _):
      self.init(message, .conflict)
    case .alreadyExists(let message, _):
      self.init(message, .conflict)
    case .invalid(let message, let violations) where violations.isEmpty:
      self.init(message, .invalidData)
    case .invalid(_, let violations):
      self.init(violations)
    case .unavailable(let message, .perhapsDone):
      self.init("the daemon at \(socket) went away: \(message)", .unreachable)
    case .unavailable(let message, _):
      let isNamed = message.contains(socket)
      self.init(isNamed ? message : "no daemon answers at \(socket): \(message)", .unreachable)
      lines.append("start one with: customerd --socket \(socket)")
    case .deadlineExceeded(let message, _):
      self.init("the daemon at \(socket) gives no answer: \(message)", .unreachable)
    case .cancelled:
      self.init(error.message, .interrupted)
    case .unimplemented(let message):
      self.init("the daemon can't do this: \(message)", .failure)
    case .permissionDenied(let message) where message.contains(socket):
      self.init(message, .unreachable)
      lines.append("ask who runs the daemon, or name another socket with --socket")
    case .failed(_, .resumeTokenExpired?, let message, _):
      self.init(message, .failure)
      lines.append("begin again behind the end of an export, or with --from-start")
    case .permissionDenied(let message), .resourceExhausted(let message, _, _),
      .failed(_, _, let message, _):
      self.init(message, .failure)
    }
  }

  /// Says what is known of a write that failed, where the failure alone doesn't.
  ///
  /// - Parameter error: What went wrong with a verb that writes.
  mutating func add(outcomeOf error: CustomerError) {
    switch (error, error.outcome) {
    case (.notFound, _), (.conflict, _), (.editConflict, _), (.alreadyExists, _), (.invalid, _):
      break
    case (_, .perhapsDone):
      lines.append("no answer came: perhaps it was done; look before you ask again")
    case (_, .undone): lines.append("nothing was written: what was begun is undone")
    case (_, .neverBegun): lines.append("nothing was written: it never began")
    }
  }

  /// Says which rules a customer breaks.
  init(_ violations: [Violation]) {
    self.init(lines: violations.map { "\($0.field): \($0.description)" }, .invalidData)
  }

  /// Says what is wrong with a file or stream.
  init(_ error: StreamError) {
    switch error {
    // Who reads has seen enough, as 'head' does: nothing went wrong.
    case .closed: self.init(lines: [], .success)
    case .tooLong: self.init("\(error)", .invalidData)
    case .system, .sameFile, .taken: self.init("\(error)", .failure)
    }
  }

  /// Says what is wrong with a field that the command line or standard input gave.
  init(_ error: FieldError, _ status: ExitStatus) {
    self.init(error.field.isEmpty ? error.reason : "\(error)", status)
  }
}
