package import CustomerModel
internal import CustomerStore
internal import ProtoWire
package import TTRPC
internal import WellKnownTypes

// Watches: changes from the log, as they were made and as they are made.

extension CustomerService {
  /// How many changes are read at once; fewer where they are large.
  private static let changesAtOnce = 256

  package func watchCustomers(
    _ request: WatchCustomersRequest,
    _ responses: ResponseWriter<Change>,
    _ context: CallContext
  ) async throws {
    let id =
      request.customerID.isEmpty ? nil : try normalID(request.customerID, field: "customerId")
    var sequence = try start(of: request)
    let end = request.stopAtEnd ? repository.newestSequence : nil
    heartbeats.begin(repository)
    defer { heartbeats.end() }
    while true {
      // Nothing is kept for a slow reader: what it hasn't read yet, it finds in the log.
      let known = sequence
      try await context.reserve(Self.answerBytes(Self.changesAtOnce))
      let page = try await stored { () async throws(RepositoryError) in
        try await repository.changes(after: known, of: id, limit: Self.changesAtOnce)
      }
      for change in page.changes { try await responses.send(encoded(change)) }
      sequence = page.next
      if page.hasMore { continue }
      if let end, page.next >= end { return }
      while repository.newestSequence <= page.next {
        try Task.checkCancellation()
        if repository.isWatchingEnded {
          throw RPCError(.unavailable, "the daemon is stopping: watch again from the last token")
        }
        await context.idle {
          await repository.waitForChange(after: page.next, ticks: HeartbeatTimer.ticks)
        }
        if Task.isCancelled || repository.isWatchingEnded { continue }
        if repository.newestSequence <= page.next {
          try await responses.send(heartbeat(page.next))
        }
      }
    }
  }

  /// The change behind which a watch begins; `nil` for the oldest that is kept.
  private func start(of request: WatchCustomersRequest) throws(RPCError) -> Int64? {
    guard !request.resumeToken.isEmpty else {
      return request.fromStart ? nil : repository.newestSequence
    }
    guard !request.fromStart else {
      throw RPCError(refusing: "fromStart", "goes with no resumeToken")
    }
    return try sequence(ofResumeToken: request.resumeToken)
  }

  /// A change as it is sent; its record is not decoded.
  private func encoded(_ entry: ChangeEntry) -> Encoded<Change> {
    var rest = Change()
    rest.resumeToken = resumeToken(entry.sequence)
    rest.kind =
      switch entry.kind {
      case .created: .created
      case .updated: .updated
      case .deleted: .deleted
      case .erased: .erased
      }
    rest.changeTime = Timestamp(microseconds: entry.timeMicroseconds)
    rest.author = entry.author
    return RecordList.change(entry.record, rest: rest)
  }

  private func heartbeat(_ sequence: Int64) -> Change {
    var change = Change()
    change.resumeToken = resumeToken(sequence)
    return change
  }
}

extension CustomerService {
  private static let changesPurpose = "changes"

  /// The token of everything up to a change.
  func resumeToken(_ sequence: Int64) -> String {
    StoreToken.text(
      store: repository.storeID,
      position: sequence,
      purpose: Self.changesPurpose
    )
  }

  /// The change that a token names.
  private func sequence(ofResumeToken token: String) throws(RPCError) -> Int64 {
    let read = StoreToken(token, store: repository.storeID, purpose: Self.changesPurpose)
    if let read { return read.position }
    let store = repository.storeID
    guard StoreToken.isOfAnotherStore(token, than: store, purpose: Self.changesPurpose) else {
      var error = RPCError(refusing: "resumeToken", "is no resume token")
      error.attach(reason: .resumeTokenInvalid)
      throw error
    }
    var error = RPCError(.outOfRange, "the resume token is another store's: export anew")
    error.attach(reason: .resumeTokenExpired)
    throw error
  }
}
