import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Host
import Terminal

/// The program around its verbs: from the command line to an exit status.
enum Program {
  /// Runs one command line.
  ///
  /// - Parameters:
  ///   - arguments: Without the program's name.
  ///   - environment: Gives a variable's value.
  ///   - streams: What is read and written.
  ///   - connect: Makes a client, given where the daemon listens; nil is the usual place.
  /// - Returns: What the program ends with.
  static func run(
    _ arguments: [String],
    environment: @escaping (String) -> String? = ProcessEnvironment.value(of:),
    streams: any Streams,
    connect: @escaping (String?) -> CustomerClient
  ) async -> ExitStatus {
    do {
      switch try Verb.program.parse(arguments, environment: environment) {
      case .help(let text), .version(let text):
        try streams.write(text + "\n")
        return .success
      case .run(let invocation):
        let session = Session(
          invocation: invocation,
          streams: streams,
          client: connect(invocation[SharedOptions.socket]),
          environment: environment,
          connect: connect
        )
        return await run(session, isolation: #isolation)
      }
    } catch let error as UsageError {
      streams.tell("\(error)")
      return .usage
    } catch {
      streams.tell("customerctl: \(error)")
      return .failure
    }
  }

  /// Runs a session where its caller runs, and has answers come straight back to there.
  ///
  /// A task that prefers no executor is resumed by way of the global pool, whose threads a short
  /// program would start for nothing else.
  private static func run(
    _ session: Session,
    isolation: isolated (any Actor)?
  ) async -> ExitStatus {
    await withTaskExecutorPreference(session.client.taskExecutor) {
      // What captures the caller's isolation stays there; what blocks may not run on the executor.
      _ = isolation
      return await session.runToStatus()
    }
  }
}

extension Session {
  /// Runs, and tells whatever goes wrong.
  fileprivate func runToStatus() async -> ExitStatus {
    do {
      try checkFormat()
      return try await run()
    } catch let error as UsageError {
      streams.tell("\(error)")
      return .usage
    } catch {
      let failure = await failure(of: error)
      report(failure)
      return failure.status
    }
  }

  /// What an error means to the user.
  func failure(of error: any Error) async -> Failure {
    switch error {
    case let failure as Failure: return failure
    case let error as CustomerError:
      var failure = Failure(error, socket: socket)
      if isWriting { failure.add(outcomeOf: error) }
      if case .alreadyExists(_, let id) = error, !id.isEmpty, let line = await introduction(of: id)
      {
        failure.lines.append(line)
      }
      return failure
    case let error as InvalidCustomer: return Failure(error.violations)
    case let error as StreamError: return Failure(error)
    case let error as ImportError:
      return Failure(
        lines: "\(invocation[Import.file]): \(error)".split(separator: "\n").map(String.init),
        error.isUsage ? .usage : .invalidData
      )
    default: return Failure("\(error)", .failure)
    }
  }
}
