package import WellKnownTypes

/// What a server says of itself.
package struct ServerFacts: Sendable {
  /// The program's version.
  package var version: String

  /// When it was started.
  package var startTime: Timestamp

  /// Creates a description.
  package init(version: String, startTime: Timestamp) {
    self.version = version
    self.startTime = startTime
  }
}
