import CustomerClient
import CustomerModel
import WellKnownTypes

/// The calls that verbs make about the store as a whole.
protocol StoreCalls {
  func settings() async throws(CustomerError) -> StoreSettings
  func updateSettings(
    _ settings: StoreSettings,
    mask: [String]
  ) async throws(CustomerError) -> StoreSettings
  func backUp() async throws(CustomerError) -> any BackupCall
}

/// A backup that is being received.
protocol BackupCall {
  /// The next piece; nil behind the last, when every byte has come.
  func next() async throws(CustomerError) -> BackUpStoreResponse?
}

extension ClientCalls {
  func settings() async throws(CustomerError) -> StoreSettings { try await client.settings() }

  func updateSettings(
    _ settings: StoreSettings,
    mask: [String]
  ) async throws(CustomerError) -> StoreSettings {
    try await client.updateSettings(settings, mask: FieldMask(paths: mask))
  }

  func backUp() async throws(CustomerError) -> any BackupCall { ClientBackup(client.backUp()) }
}

/// A backup over the socket.
private final class ClientBackup: BackupCall {
  private var pieces: CustomerBackup.Iterator

  init(_ backup: CustomerBackup) { pieces = backup.makeAsyncIterator() }

  func next() async throws(CustomerError) -> BackUpStoreResponse? { try await pieces.next() }
}
