import Arguments
import CustomerClient

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// What a user stops ends with a status of its own; nothing is half written.
signal(SIGINT) { _ in _exit(ExitStatus.interrupted.rawValue) }

let streams = ProcessStreams()
var status = await Program.run(Array(CommandLine.arguments.dropFirst()), streams: streams) {
  let client = CustomerClient(socket: $0)
  return (ClientCalls(client: client), client.socketPath)
}
do {
  try streams.finish()
} catch StreamError.closed {
  // Who reads has seen enough.
} catch {
  streams.tell("customerctl: \(error)")
  status = .failure
}
exit(status.rawValue)
