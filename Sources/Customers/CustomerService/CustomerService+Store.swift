package import CustomerModel
internal import CustomerStore
internal import ProtoWire
package import TTRPC
internal import WellKnownTypes

// The store's settings and its backup.

extension CustomerService {
  /// The least that the history may be kept, in seconds: an hour.
  ///
  /// Less would take past changes from those who watch or export before they have read them.
  package static let historyRetentionMin: Int64 = 3600

  /// The most, in seconds: about 10,000 years, the longest that a protobuf Duration may be.
  package static let historyRetentionMax: Int64 = 315_576_000_000

  /// The bytes of a backup in one message.
  package static let backupPieceBytesMax = 1 << 20

  package func getSettings(
    _ request: GetSettingsRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<StoreSettings> {
    let settings = try await stored { () async throws(RepositoryError) in
      try await repository.settings()
    }
    return Encoded(StoreSettings(settings))
  }

  package func updateSettings(
    _ request: UpdateSettingsRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<StoreSettings> {
    guard let given = request.settings else { throw .missing("settings") }
    let fields = try SettingsFields(request.updateMask)
    let retention =
      fields.historyRetention
      ? try given.historyRetention.map { duration throws(RPCError) in
        try microseconds(ofRetention: duration)
      } : nil
    let settings = try await stored { () async throws(RepositoryError) in
      try await repository.updateSettings { settings in
        if fields.uniqueEmail { settings.uniqueEmail = given.uniqueEmail }
        if fields.historyRetention { settings.historyRetention = retention }
      }
    }
    return Encoded(StoreSettings(settings))
  }

  package func backUpStore(
    _ request: BackUpStoreRequest,
    _ responses: ResponseWriter<BackUpStoreResponse>,
    _ context: CallContext
  ) async throws {
    let backup = try await stored { () async throws(RepositoryError) in
      try await repository.backUp()
    }
    var sent: Int64 = 0
    while sent < backup.byteCount {
      try await context.reserve(Self.backupPieceBytesMax)
      var piece = BackUpStoreResponse()
      piece.data = try await stored { () async throws(RepositoryError) in
        try await backup.bytes(at: sent, limit: Self.backupPieceBytesMax)
      }
      guard !piece.data.isEmpty else {
        throw RPCError(.internal, "the copy ends after \(sent) of \(backup.byteCount) bytes")
      }
      sent += Int64(piece.data.count)
      piece.totalBytes = UInt64(backup.byteCount)
      if sent == backup.byteCount { piece.resumeToken = resumeToken(backup.sequence) }
      try await responses.send(piece)
    }
  }

  private func microseconds(ofRetention duration: ProtoDuration) throws(RPCError) -> Int64 {
    func refusal(_ description: String) -> RPCError {
      let field = "settings.historyRetention"
      return RPCError(
        InvalidCustomer(violations: [Violation(field: field, description: description)])
      )
    }
    guard (0..<1_000_000_000).contains(duration.nanos) else {
      throw refusal("\(duration.nanos) nanoseconds are not part of a positive second")
    }
    guard duration.seconds >= Self.historyRetentionMin else {
      throw refusal("\(duration.seconds) seconds is less than \(Self.historyRetentionMin)")
    }
    guard duration.seconds <= Self.historyRetentionMax else {
      throw refusal("\(duration.seconds) seconds is over the limit of \(Self.historyRetentionMax)")
    }
    return duration.seconds * 1_000_000 + Int64(duration.nanos) / 1000
  }
}

/// Which settings a mask names.
private struct SettingsFields {
  var uniqueEmail = false
  var historyRetention = false

  /// Reads a mask; none, or an empty one, names all.
  init(_ mask: FieldMask?) throws(RPCError) {
    for path in mask.map(\.paths) ?? [] {
      switch path {
      case "*":
        uniqueEmail = true
        historyRetention = true
      case "unique_email", "uniqueEmail": uniqueEmail = true
      case "history_retention", "historyRetention": historyRetention = true
      default:
        let known = "unique_email and history_retention are"
        throw RPCError(
          InvalidCustomer(
            violations: [
              Violation(field: "updateMask", description: "\(path) is no setting: \(known)")
            ]
          )
        )
      }
    }
    guard mask?.paths.isEmpty ?? true else { return }
    uniqueEmail = true
    historyRetention = true
  }
}

extension StoreSettings {
  /// The settings as they are sent.
  init(_ settings: RepositorySettings) {
    self.init(uniqueEmail: settings.uniqueEmail)
    guard let microseconds = settings.historyRetention else { return }
    var duration = ProtoDuration()
    duration.seconds = microseconds / 1_000_000
    duration.nanos = Int32(microseconds % 1_000_000) * 1000
    historyRetention = duration
  }
}
