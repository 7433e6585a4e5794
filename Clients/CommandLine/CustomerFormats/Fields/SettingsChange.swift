import Arguments
import CustomerModel
import WellKnownTypes

/// The settings that a command line sets: `unique-email=on`, `history-retention=90d`.
package struct SettingsChange {
  /// The new values.
  package private(set) var settings = StoreSettings()

  /// Which of them are set.
  package private(set) var mask: [String] = []

  private static let uniqueEmail = "unique-email"
  private static let historyRetention = "history-retention"

  /// The digits of a time at most: more is no time that anybody means.
  private static let digitsMax = 9

  /// The units of times, the largest first, in seconds.
  private static let units: [(letter: Character, seconds: Int64)] = [
    ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]

  /// Reads what the command line sets; a later word goes over an earlier one.
  package init(_ words: [String]) throws(UsageError) {
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard parts.count == 2 else {
        throw Self.error("\(Words.quoted(word)) is not NAME=VALUE, such as unique-email=on")
      }
      try set(name, String(parts[1]))
    }
  }

  private mutating func set(_ name: String, _ value: String) throws(UsageError) {
    switch name {
    case Self.uniqueEmail:
      guard value == "on" || value == "off" else {
        throw Self.error("\(name)=\(Words.escaped(value)) is neither on nor off")
      }
      settings.uniqueEmail = value == "on"
      mask.append("unique_email")
    case Self.historyRetention:
      settings.historyRetention = nil
      mask.append("history_retention")
      if value == "forever" { return }
      guard let seconds = Self.seconds(value) else {
        let text = "\(name)=\(Words.escaped(value))"
        throw Self.error("\(text) is neither a time such as 36h, 90d or 52w, nor forever")
      }
      settings.historyRetention = ProtoDuration()
      settings.historyRetention?.seconds = seconds
    default:
      let nearest = Words.nearest(to: name, among: [Self.uniqueEmail, Self.historyRetention])
      throw Self.error("there is no setting \(Words.quoted(name))\(Words.didYouMean(nearest))")
    }
  }

  /// The settings as the command line would set them.
  package static func rows(_ settings: StoreSettings) -> [[String]] {
    [
      [uniqueEmail, settings.uniqueEmail ? "on" : "off"],
      [historyRetention, settings.historyRetention.map { text($0.seconds) } ?? "forever"],
    ]
  }

  private static func seconds(_ text: String) -> Int64? {
    guard let unit = units.first(where: { $0.letter == text.last }) else { return nil }
    let digits = text.dropLast()
    guard (1...digitsMax).contains(digits.count), digits.utf8.allSatisfy({ 48...57 ~= $0 }) else {
      return nil
    }
    return Int64(digits).map { $0 * unit.seconds }
  }

  /// A time in the largest unit that tells it whole; weeks are said in days.
  private static func text(_ seconds: Int64) -> String {
    let unit = units.dropFirst().first { seconds % $0.seconds == 0 } ?? ("s", 1)
    return "\(seconds / unit.seconds)\(unit.letter)"
  }

  private static func error(_ text: String) -> UsageError {
    UsageError(text, command: "customerctl settings")
  }
}
