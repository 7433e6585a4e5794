import Arguments
import CustomerStore
import TTRPC
import TTRPCServer
import WellKnownTypes

/// Writes what happens to standard error, an event a line.
struct EventLog: Sendable {
  /// How events are written.
  let format: LogFormat

  /// The time, in microseconds since 1970-01-01T00:00:00Z.
  let microseconds: @Sendable () -> Int64

  /// Writes an event.
  ///
  /// `name` is for programs, `text` for people, `fields` for both. Nothing of a customer stands in
  /// any of them.
  func write(_ name: String, _ text: String, _ fields: [(String, String)] = []) {
    let time = Timestamp(nanosecondsSince1970: microseconds() * 1000).rfc3339 ?? ""
    switch format {
    case .text:
      StandardError.print("\(time) \(text)")
    case .json:
      let members = [("time", time), ("event", name), ("text", text)] + fields
      let object = members.map { "\(Self.quoted($0.0)):\(Self.quoted($0.1))" }
      StandardError.print("{\(object.joined(separator: ","))}")
    }
  }

  /// Writes what happened to the server.
  func write(_ event: ServerEvent) {
    switch event {
    case .listening(let path):
      write("listening", "listening at \(path ?? "an inherited socket")", [("path", path ?? "")])
    case .acceptFailed(let reason):
      write("acceptFailed", "no connections for a while: \(reason)", [("reason", reason)])
    case .connectionAccepted(let info):
      write("connected", "\(Self.name(info)) connected", Self.fields(info))
    case .connectionRefused(let peer, let reason):
      let who = peer.map(Self.name) ?? "somebody"
      write("refused", "\(who) refused: \(reason)", [("reason", "\(reason)")])
    case .connectionClosed(let info, let reason, let count):
      let calls = count > 0 ? ", \(count) calls were open" : ""
      let fields = Self.fields(info) + [("reason", "\(reason)"), ("openCalls", "\(count)")]
      write("disconnected", "\(Self.name(info)) gone: \(reason)\(calls)", fields)
    case .protocolError(let info, let reason):
      let fields = Self.fields(info) + [("reason", reason)]
      write("protocolError", "\(Self.name(info)): \(reason)", fields)
    case .handlerFailed(let info, let method, let error):
      let fields = Self.fields(info) + [("method", method), ("reason", error)]
      write("handlerFailed", "\(Self.name(info)): \(method): \(error)", fields)
    case .callEnded(let record):
      write(record)
    case .draining(let count):
      write("draining", "stopping: \(count) calls are open", [("openCalls", "\(count)")])
    case .drained:
      write("drained", "all connections are closed")
    }
  }

  /// Writes what the store did by itself.
  func write(_ event: StoreEvent) {
    switch event {
    case .created(let path):
      write("created", "database \(path) is new", [("path", path)])
    case .checking(let path):
      let text = "database \(path) was not closed properly: reading it through"
      write("checking", text, [("path", path)])
    case .checked(let path):
      write("checked", "database \(path) is whole", [("path", path)])
    case .migrating(let from, let to, let backup):
      let text = "tables go from version \(from) to \(to); the file as it was is at \(backup)"
      write("migrating", text, [("from", "\(from)"), ("to", "\(to)"), ("backup", backup)])
    case .rebuilding(let done, let total):
      let text = "derived data is made anew: \(done) of \(total) customers"
      write("rebuilding", text, [("done", "\(done)"), ("total", "\(total)")])
    case .rebuilt(let count):
      let text = "derived data of all customers was made anew: \(count)"
      write("rebuilt", text, [("customers", "\(count)")])
    case .readerReplaced(let reason):
      write("readerReplaced", "a reading connection is replaced: \(reason)", [("reason", reason)])
    case .indexingFailed(let reason):
      write("indexingFailed", "search index: \(reason)", [("reason", reason)])
    case .erasingFailed(let reason):
      write("erasingFailed", "erased customers' traces: \(reason)", [("reason", reason)])
    case .checkpointFailed(let reason):
      write("checkpointFailed", "checkpoint: \(reason)", [("reason", reason)])
    case .optimizingFailed(let reason):
      write("optimizingFailed", "counts for plans: \(reason)", [("reason", reason)])
    case .forgettingFailed(let reason):
      write("forgettingFailed", "old changes stay: \(reason)", [("reason", reason)])
    }
  }

  private func write(_ record: CallRecord) {
    let parts = record.duration.components
    let microseconds = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
    let fields =
      Self.fields(record.connection) + [
        ("method", record.method), ("code", record.code.name), ("microseconds", "\(microseconds)"),
      ]
    let who = Self.name(record.connection)
    write("call", "\(who): \(record.method) \(record.code.name) \(microseconds) µs", fields)
  }

  private static func name(_ info: ConnectionInfo) -> String {
    "connection \(info.id) (\(name(info.peer)))"
  }

  private static func name(_ peer: PeerIdentity) -> String {
    "uid=\(peer.userID) pid=\(peer.processID) \(Words.escaped(peer.program))"
  }

  private static func fields(_ info: ConnectionInfo) -> [(String, String)] {
    [
      ("connection", "\(info.id)"), ("uid", "\(info.peer.userID)"),
      ("pid", "\(info.peer.processID)"), ("program", info.peer.program),
    ]
  }

  /// A text as JSON has it (RFC 8259, section 7).
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
