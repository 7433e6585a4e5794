import WellKnownTypes

/// Times as RFC 3339 writes them: `2026-01-31T12:00:00.25Z`.
enum TimestampText {
  /// The first and the last second that a timestamp may hold: the years 1 to 9999.
  private static let seconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Reads a time with its offset from UTC; nil if it is none.
  static func parse(_ text: String) -> Timestamp? {
    var scanner = Scanner(rest: Array(text.utf8)[...])
    guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2),
      scanner.take("-"), let day = scanner.number(2), scanner.take("Tt "),
      let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2),
      scanner.take(":"), let second = scanner.number(2),
      year >= 1, (1...12).contains(month), day >= 1, day <= daysInMonth(month, year),
      hour < 24, minute < 60, second < 60, let nanos = scanner.fraction(),
      let offset = scanner.offset(), scanner.rest.isEmpty
    else { return nil }
    let days = daysSinceEpoch(year: Int64(year), month: Int64(month), day: Int64(day))
    let time = Int64(hour * 3600 + minute * 60 + second - offset)
    var timestamp = Timestamp()
    timestamp.seconds = days * 86_400 + time
    timestamp.nanos = nanos
    return seconds.contains(timestamp.seconds) ? timestamp : nil
  }

  /// Writes a time in UTC with 0, 3, 6 or 9 digits of a second, as proto3 JSON does.
  static func write(_ time: Timestamp) -> String {
    guard seconds.contains(time.seconds), (0..<1_000_000_000).contains(time.nanos) else {
      return "\(time.seconds)s"
    }
    let days = time.seconds >= 0 ? time.seconds / 86_400 : (time.seconds - 86_399) / 86_400
    let second = Int(time.seconds - days * 86_400)
    let (year, month, day) = date(daysSinceEpoch: days)
    return padded(Int(year), 4) + "-" + padded(Int(month), 2) + "-" + padded(Int(day), 2) + "T"
      + padded(second / 3600, 2) + ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2)
      + fraction(Int(time.nanos)) + "Z"
  }

  private static func fraction(_ nanos: Int) -> String {
    if nanos == 0 { return "" }
    if nanos.isMultiple(of: 1_000_000) { return "." + padded(nanos / 1_000_000, 3) }
    if nanos.isMultiple(of: 1_000) { return "." + padded(nanos / 1_000, 6) }
    return "." + padded(nanos, 9)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func daysInMonth(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    default: 31
    }
  }

  /// Days of the proleptic Gregorian calendar; years counted from March, as the leap day is last
  /// then.
  private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let fromMarch = (month + 9) % 12
    let dayOfYear = (153 * fromMarch + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  /// The date of a day; the inverse of the above, in cycles of 400 years.
  private static func date(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let day = days + 719_468
    let era = day / 146_097
    let dayOfEra = day - era * 146_097
    let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
    let fromMarch = (5 * dayOfYear + 2) / 153
    let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    let dayOfMonth = dayOfYear - (153 * fromMarch + 2) / 5 + 1
    return (year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth)
  }
}

/// What is left of a time's text.
private struct Scanner {
  var rest: ArraySlice<UInt8>

  /// Takes exactly as many digits.
  mutating func number(_ digits: Int) -> Int? {
    guard rest.count >= digits else { return nil }
    var value = 0
    for byte in rest.prefix(digits) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    rest = rest.dropFirst(digits)
    return value
  }

  /// Takes one of these characters.
  mutating func take(_ characters: StaticString) -> Bool {
    guard let byte = rest.first, "\(characters)".utf8.contains(byte) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Takes a point and up to nine digits, if they are there; nil if there is only a point.
  mutating func fraction() -> Int32? {
    guard take(".") else { return 0 }
    var nanos: Int32 = 0
    var digits = 0
    while let digit = number(1) {
      guard digits < 9 else { return nil }
      nanos = nanos * 10 + Int32(digit)
      digits += 1
    }
    guard digits > 0 else { return nil }
    for _ in digits..<9 { nanos *= 10 }
    return nanos
  }

  /// Takes `Z` or an offset; in seconds.
  mutating func offset() -> Int? {
    if take("Zz") { return 0 }
    let isNegative = rest.first == UInt8(ascii: "-")
    guard take("+-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24,
      minutes < 60
    else { return nil }
    return (hours * 3600 + minutes * 60) * (isNegative ? -1 : 1)
  }
}
