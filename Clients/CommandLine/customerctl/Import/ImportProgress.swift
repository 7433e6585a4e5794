/// The line that tells how far an import is: `42 % · 2100 rows · 10500 rows/s · 0:03 left`.
struct ImportProgress {
  /// The size of what is read, in bytes, if it is known.
  var bytesTotal: Int?

  /// How often the line is written at most.
  static let interval = Duration.milliseconds(200)

  /// The line after some time.
  ///
  /// - Parameters:
  ///   - rows: Rows acknowledged or refused.
  ///   - bytesRead: How much of the file was read.
  ///   - elapsed: Since the beginning.
  /// - Returns: The line, without its end.
  func line(rows: Int, bytesRead: Int, elapsed: Duration) -> String {
    let seconds = elapsed / .seconds(1)
    var parts = ["\(rows) rows"]
    if seconds > 0 { parts.append("\(Int(Double(rows) / seconds)) rows/s") }
    guard let bytesTotal, bytesTotal > 0 else { return parts.joined(separator: " · ") }
    let share = min(1, Double(bytesRead) / Double(bytesTotal))
    parts.insert("\(Int(share * 100)) %", at: 0)
    if share > 0, seconds > 0 {
      parts.append(Self.clock(Int(seconds / share - seconds)) + " left")
    }
    return parts.joined(separator: " · ")
  }

  private static func clock(_ seconds: Int) -> String {
    let padded = seconds % 60 < 10 ? "0\(seconds % 60)" : "\(seconds % 60)"
    return "\(seconds / 60):\(padded)"
  }
}
