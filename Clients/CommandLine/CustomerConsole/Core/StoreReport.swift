import CustomerModel
import WellKnownTypes

/// What the Store screen tells.
struct StoreReport: Equatable, Sendable {
  /// What the daemon said last.
  var status = StoreStatus()

  /// Whether it said anything yet.
  var isKnown: Bool { !status.storeID.isEmpty || !status.serverVersion.isEmpty }
}

extension StoreReport {
  /// What the daemon reports, as names and values.
  static func lines(_ status: StoreStatus, _ clock: ClockText) -> [(String, String)] {
    let oldest = status.oldestChangeTime
    var daemon = "version \(status.serverVersion)"
    if let start = status.startTime { daemon += ", since \(clock.minute(start))" }
    var lines = [
      ("Customers", grouped(status.customerCount)),
      ("Changes", grouped(status.changeCount)),
      ("Size", size(status.databaseBytes)),
      ("Search index", indexing(status.unindexedCount)),
      ("History", retention(status.settings?.historyRetention)),
      (
        "E-mail addresses",
        status.settings?.uniqueEmail == true ? "each for one customer only" : "may be shared"
      ),
    ]
    if oldest != nil { lines.insert(("Oldest change", clock.minute(oldest)), at: 4) }
    if status.erasing { lines.append(("Erasing", "traces are being overwritten")) }
    lines.append(("Daemon", daemon))
    lines.append(("Store", "\(status.storeID), tables of version \(status.schemaVersion)"))
    return lines
  }

  /// A number with spaces between thousands.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += " " }
      text.append(digit)
    }
    return text
  }

  /// Bytes in the unit that suits.
  static func size(_ bytes: UInt64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = bytes
    var rest: UInt64 = 0
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      rest = value % 1024
      value /= 1024
      unit += 1
    }
    let tenth = unit > 0 && value < 100 ? ".\(rest * 10 / 1024)" : ""
    return "\(value)\(tenth) \(units[unit])"
  }

  private static func indexing(_ count: UInt64) -> String {
    count == 0 ? "up to date" : "\(grouped(count)) changes to take in"
  }

  private static func retention(_ duration: ProtoDuration?) -> String {
    guard let duration else { return "kept for ever" }
    return "kept for \(ClockText.duration(seconds: duration.seconds))"
  }
}
