import Arguments
import CustomerClient
import Terminal

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

Interrupt.endProgram()

let streams = ProcessStreams()

/// Let go of, a client closes its connection, and threads start for that; the end does it anyway.
var clients: [CustomerClient] = []

var arguments: [String] = []
do throws(UsageError) {
  arguments = try ProcessArguments.read()
} catch {
  streams.tell("\(error)")
  exit(ExitStatus.usage.rawValue)
}

var status = await Program.run(arguments, streams: streams) {
  let client = CustomerClient(socket: $0)
  clients.append(client)
  return client
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
