import Arguments

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

Descriptors.openStandard()
// Whoever reads the log may go away; the daemon stays.
signal(SIGPIPE, SIG_IGN)

do {
  switch try DaemonOptions.command.parse(CommandLine.arguments.dropFirst()) {
  case .help(let page): print(page)
  case .version(let line): print(line)
  case .run(let invocation): exit(try await Daemon.status(of: invocation).rawValue)
  }
} catch {
  StandardError.print("\(error)")
  exit(ExitStatus.usage.rawValue)
}
