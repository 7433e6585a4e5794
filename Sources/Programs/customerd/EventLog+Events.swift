import CustomerStore
import TTRPC
import TTRPCServer

// What the rooms below tell, in words. Nothing of a customer stands in any of them.

extension EventLog {
  /// Writes what happened to the server.
  func write(_ event: ServerEvent) {
    write(LogEvent(event)) { LogLine(event) }
  }

  /// Writes what the store did by itself.
  func write(_ event: StoreEvent) {
    write(LogEvent(event)) { LogLine(event) }
  }
}

extension LogEvent {
  /// What is known of a server's event before there are words for it.
  init(_ event: ServerEvent) {
    switch event {
    case .listening: self.init(name: "listening")
    case .acceptFailed(let reason):
      self.init(name: "acceptFailed", subject: .reason(reason), repetition: .ofFailures)
    case .connectionAccepted(let info): self.init("connected", info.peer)
    case .connectionRefused(let peer, _):
      self.init(
        name: "refused",
        subject: peer.map { .peer(user: $0.userID, process: $0.processID) } ?? .none,
        repetition: .ofPeers
      )
    case .connectionClosed(let info, _, _): self.init("disconnected", info.peer)
    case .protocolError(let info, _): self.init("protocolError", info.peer)
    case .handlerFailed(let info, let method, let error):
      self.init("handlerFailed", info.peer, "\(method) \(error)")
    case .callEnded:
      self.init(name: "call", linesPerSecondMax: Self.callsPerSecondMax)
    case .draining: self.init(name: "draining")
    case .drained: self.init(name: "drained")
    }
  }

  private init(_ name: String, _ peer: PeerIdentity, _ detail: String = "") {
    self.init(
      name: name,
      subject: .peer(user: peer.userID, process: peer.processID, detail: detail),
      repetition: .ofPeers
    )
  }

  /// What is known of a store's event before there are words for it.
  init(_ event: StoreEvent) {
    self.init(name: event.name)
    guard let reason = event.failure else { return }
    subject = .reason(reason)
    repetition = .ofFailures
  }
}

extension StoreEvent {
  fileprivate var name: String {
    switch self {
    case .created: "created"
    case .checking: "checking"
    case .checked: "checked"
    case .migrating: "migrating"
    case .rebuilding: "rebuilding"
    case .rebuilt: "rebuilt"
    case .readerReplaced: "readerReplaced"
    case .fileMoved: "fileMoved"
    case .indexingFailed: "indexingFailed"
    case .erasingFailed: "erasingFailed"
    case .checkpointFailed: "checkpointFailed"
    case .optimizingFailed: "optimizingFailed"
    case .forgettingFailed: "forgettingFailed"
    }
  }

  /// Why something didn't work that the store tries again or mends; `nil` where all is well.
  fileprivate var failure: String? {
    switch self {
    case .created, .checking, .checked, .migrating, .rebuilding, .rebuilt, .fileMoved: nil
    case .readerReplaced(let reason), .indexingFailed(let reason), .erasingFailed(let reason),
      .checkpointFailed(let reason), .optimizingFailed(let reason), .forgettingFailed(let reason):
      reason
    }
  }
}

extension LogLine {
  /// A server's event in words.
  init(_ event: ServerEvent) {
    switch event {
    case .listening(let path):
      self.init("listening", "listening at \(path ?? "an inherited socket")", ("path", path ?? ""))
    case .acceptFailed(let reason):
      self.init("acceptFailed", "no connections for a while: \(reason)", ("reason", reason))
    case .connectionAccepted(let info):
      self.init("connected", "\(Self.name(info)) connected", info)
    case .connectionRefused(let peer, let reason):
      let who = peer.map(Self.name) ?? "somebody"
      self.init("refused", "\(who) refused: \(reason)", ("reason", "\(reason)"))
    case .connectionClosed(let info, let reason, let count):
      let calls = count > 0 ? ", \(count) calls were open" : ""
      let text = "\(Self.name(info)) gone: \(reason)\(calls)"
      self.init("disconnected", text, info, ("reason", "\(reason)"), ("openCalls", "\(count)"))
    case .protocolError(let info, let reason):
      self.init("protocolError", "\(Self.name(info)): \(reason)", info, ("reason", reason))
    case .handlerFailed(let info, let method, let error):
      let text = "\(Self.name(info)): \(method): \(error)"
      self.init("handlerFailed", text, info, ("method", method), ("reason", error))
    case .callEnded(let record):
      self.init(record)
    case .draining(let count):
      self.init("draining", "stopping: \(count) calls are open", ("openCalls", "\(count)"))
    case .drained:
      self.init("drained", "all connections are closed")
    }
  }

  private init(_ record: CallRecord) {
    let parts = record.duration.components
    let microseconds = parts.seconds * 1_000_000 + parts.attoseconds / 1_000_000_000_000
    let who = Self.name(record.connection)
    self.init(
      "call",
      "\(who): \(record.method) \(record.code.name) \(microseconds) µs",
      record.connection,
      ("method", record.method),
      ("code", record.code.name),
      ("microseconds", "\(microseconds)")
    )
  }

  /// A store's event in words.
  init(_ event: StoreEvent) {
    let name = event.name
    switch event {
    case .created(let path):
      self.init(name, "database \(path) is new", ("path", path))
    case .checking(let path):
      let text = "database \(path) was not closed properly: reading it through"
      self.init(name, text, ("path", path))
    case .checked(let path):
      self.init(name, "database \(path) is whole", ("path", path))
    case .migrating(let from, let to, let backup):
      let text = "tables go from version \(from) to \(to); the file as it was is at \(backup)"
      self.init(name, text, ("from", "\(from)"), ("to", "\(to)"), ("backup", backup))
    case .rebuilding(let done, let total):
      let text = "derived data is made anew: \(done) of \(total) customers"
      self.init(name, text, ("done", "\(done)"), ("total", "\(total)"))
    case .rebuilt(let count):
      let text = "derived data of all customers was made anew: \(count)"
      self.init(name, text, ("customers", "\(count)"))
    case .readerReplaced(let reason):
      self.init(name, "a reading connection is replaced: \(reason)", ("reason", reason))
    case .fileMoved(let path):
      let text = """
        \(path) was moved, replaced or removed: nothing is served any more; stop customerd, put the \
        file back and start it again
        """
      self.init(name, text, ("path", path))
    case .indexingFailed(let reason):
      self.init(name, "search index: \(reason)", ("reason", reason))
    case .erasingFailed(let reason):
      self.init(name, "erased customers' traces: \(reason)", ("reason", reason))
    case .checkpointFailed(let reason):
      self.init(name, "checkpoint: \(reason)", ("reason", reason))
    case .optimizingFailed(let reason):
      self.init(name, "counts for plans: \(reason)", ("reason", reason))
    case .forgettingFailed(let reason):
      self.init(name, "old changes stay: \(reason)", ("reason", reason))
    }
  }

  private init(_ event: String, _ text: String, _ fields: (String, String)...) {
    self.init(event: event, text: text, fields: fields.map { Field($0.0, $0.1) })
  }

  private init(
    _ event: String,
    _ text: String,
    _ info: ConnectionInfo,
    _ fields: (String, String)...
  ) {
    let peer = [
      Field("connection", "\(info.id)"), Field("uid", "\(info.peer.userID)"),
      Field("pid", "\(info.peer.processID)"), Field("program", info.peer.program),
    ]
    self.init(event: event, text: text, fields: peer + fields.map { Field($0.0, $0.1) })
  }

  private static func name(_ info: ConnectionInfo) -> String {
    "connection \(info.id) (\(name(info.peer)))"
  }

  private static func name(_ peer: PeerIdentity) -> String {
    "uid=\(peer.userID) pid=\(peer.processID) \(peer.program)"
  }
}
