import Arguments

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

do {
  switch try BenchOptions.command.parse(CommandLine.arguments.dropFirst()) {
  case .help(let page): print(page)
  case .version(let line): print(line)
  case .run(let invocation):
    switch invocation.verb {
    case BenchOptions.seed.name: try await Seeding(invocation).run()
    case BenchOptions.load.name: try await Load(invocation).run()
    case BenchOptions.search.name: try await SearchBenchmark(invocation).run()
    case BenchOptions.importing.name: try await ImportBenchmark(invocation).run()
    case BenchOptions.beside.name: try await Beside(invocation).run()
    default: try CodecBenchmark(seconds: invocation[BenchOptions.seconds]).run()
    }
  }
} catch let error as UsageError {
  StandardError.print("\(error)")
  exit(ExitStatus.usage.rawValue)
} catch {
  StandardError.print("customerbench: \(error)")
  exit(ExitStatus.failure.rawValue)
}
