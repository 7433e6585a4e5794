import Arguments
import CustomerClient
import CustomerFormats

/// Prints and sets the rules of the store.
enum Settings {
  static let changes = Positional(
    repeating: "NAME=VALUE",
    .text,
    minimum: 0,
    help: "what to set; without one, nothing is changed"
  )

  static let command = Command(
    "settings",
    summary: "prints the rules of the store, or sets them",
    examples: [
      .init("customerctl settings"),
      .init("customerctl settings unique-email=on history-retention=90d"),
      .init("customerctl settings history-retention=forever"),
    ],
    discussion: """
      unique-email=on|off        whether no two customers may have one address
      history-retention=TIME     how long past changes are kept, such as 36h, 90d or
                                 52w, an hour at least; or forever

      What is no longer kept is gone for good: older versions can't be read, and
      a watch or an export can't go on from before.
      """,
    positionals: [changes]
  )
}

extension Session {
  /// `settings [NAME=VALUE]...`.
  func settings() async throws -> ExitStatus {
    let change = try SettingsChange(invocation[Settings.changes])
    let settings =
      change.mask.isEmpty
      ? try await client.settings()
      : try await client.updateSettings(change.settings, mask: FieldMask(paths: change.mask))
    try printFacts(SettingsChange.rows(settings), settings)
    return .success
  }
}
