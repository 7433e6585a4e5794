import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal
import WellKnownTypes

/// Tells what the daemon serves.
enum Status {
  static let command = Command(
    "status",
    summary: "tells what the daemon serves",
    examples: [.init("customerctl status"), .init("customerctl status -o json")]
  )
}

extension Session {
  /// `status`.
  func status() async throws -> ExitStatus {
    let status = try await client.status()
    let rows = StatusRows.of(status)
    switch format {
    case .id, .vcard: try streams.write(TerminalText.safe(status.storeID) + "\n")
    case .table: try printFacts([["socket", socket]] + rows, status)
    default: try printFacts(rows, status)
    }
    return .success
  }
}

/// The facts about a store, by their names in JSON.
enum StatusRows {
  /// Names and texts.
  static func of(_ status: StoreStatus) -> [[String]] {
    [
      ["storeId", status.storeID],
      ["serverVersion", status.serverVersion],
      ["startTime", status.startTime?.rfc3339 ?? ""],
      ["customerCount", "\(status.customerCount)"],
      ["changeCount", "\(status.changeCount)"],
      ["databaseBytes", "\(status.databaseBytes)"],
      ["schemaVersion", "\(status.schemaVersion)"],
    ]
  }
}
