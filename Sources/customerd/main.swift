import Arguments
import CustomerStore

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

do {
  switch try DaemonOptions.command.parse(CommandLine.arguments.dropFirst()) {
  case .help(let page): print(page)
  case .version(let line): print(line)
  case .run(let invocation): exit(try await Daemon(invocation).run().rawValue)
  }
} catch let error as UsageError {
  StandardError.print("\(error)")
  exit(ExitStatus.usage.rawValue)
} catch {
  StandardError.print("customerd: \(error)")
  if let advice = (error as? RepositoryError)?.advice {
    StandardError.print("customerd: \(advice)")
  }
  exit(ExitStatus.failure.rawValue)
}
