import Arguments
import CustomerClient

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

Interrupt.endProgram()

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
