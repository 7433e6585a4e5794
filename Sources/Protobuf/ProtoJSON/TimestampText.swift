/// The text of a `google.protobuf.Timestamp`, such as `2026-01-31T23:59:59.500Z`.
///
/// Source: RFC 3339, and the comment in `google/protobuf/timestamp.proto`: years 1 to 9999, no leap
/// seconds, 0, 3, 6 or 9 digits of a second.
package enum TimestampText {
  /// The seconds since 1970 that a time may have.
  static let secondsRange: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Returns the text of a time, or `nil` if it is out of range.
  package static func text(seconds: Int64, nanos: Int32) -> String? {
    guard secondsRange.contains(seconds), (0..<1_000_000_000).contains(nanos) else { return nil }
    let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    let date = civilDate(day)
    let second = Int(seconds - day * 86_400)
    var text = DecimalText()
    text.append(date.year, digits: 4)
    text.append(date.month, digits: 2, after: "-")
    text.append(date.day, digits: 2, after: "-")
    text.append(second / 3_600, digits: 2, after: "T")
    text.append(second / 60 % 60, digits: 2, after: ":")
    text.append(second % 60, digits: 2, after: ":")
    text.append(fraction: Int(nanos))
    return text.string + "Z"
  }

  /// Returns the time that a text stands for, or `nil` if it is none or out of range.
  package static func parse(_ text: [UInt8]) -> (seconds: Int64, nanos: Int32)? {
    var cursor = DigitCursor(text)
    guard let year = cursor.number(4), cursor.take("-"), let month = cursor.number(2),
      cursor.take("-"), let day = cursor.number(2), cursor.take("T"), let hour = cursor.number(2),
      cursor.take(":"), let minute = cursor.number(2), cursor.take(":"),
      let second = cursor.number(2), let nanos = cursor.fraction(),
      let offset = cursor.zoneOffset(), cursor.isAtEnd
    else { return nil }
    guard year >= 1, (1...12).contains(month), (1...daysIn(month, of: year)).contains(day),
      hour < 24, minute < 60, second < 60
    else { return nil }
    let clock = hour * 3_600 + minute * 60 + second - offset
    let seconds = dayNumber(year, month, day) * 86_400 + Int64(clock)
    return secondsRange.contains(seconds) ? (seconds, Int32(nanos)) : nil
  }

  private static func daysIn(_ month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // Days are counted in eras of 400 years that begin on 1 March, so that leap days come last.
  // Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".

  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    let marchYear = month > 2 ? year : year - 1
    let era = marchYear / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int64(era * 146_097 + dayOfEra - 719_468)
  }

  private static func civilDate(_ dayNumber: Int64) -> (year: Int, month: Int, day: Int) {
    // Year 1 and later: never below zero.
    let days = Int(dayNumber) + 719_468
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }
}

/// The text of a `google.protobuf.Duration`, such as `-1.500s`.
///
/// Source: the comment in `google/protobuf/duration.proto`.
package enum DurationText {
  /// The seconds that a duration may have, in either direction: about 10,000 years.
  static let secondsMax: Int64 = 315_576_000_000

  /// Returns the text of a duration, or `nil` if it is out of range or its parts differ in sign.
  package static func text(seconds: Int64, nanos: Int32) -> String? {
    guard (-secondsMax...secondsMax).contains(seconds),
      (-999_999_999...999_999_999).contains(nanos),
      !(seconds > 0 && nanos < 0), !(seconds < 0 && nanos > 0)
    else { return nil }
    var text = DecimalText()
    text.append(fraction: Int(nanos.magnitude))
    let sign = seconds < 0 || nanos < 0 ? "-" : ""
    return sign + String(seconds.magnitude) + text.string + "s"
  }

  /// Returns the duration that a text stands for, or `nil` if it is none or out of range.
  package static func parse(_ text: [UInt8]) -> (seconds: Int64, nanos: Int32)? {
    var cursor = DigitCursor(text)
    let isNegative = cursor.take("-")
    guard let seconds = cursor.digits(max: 12), let nanos = cursor.fraction(), cursor.take("s"),
      cursor.isAtEnd, seconds <= secondsMax
    else { return nil }
    return isNegative ? (-Int64(seconds), -Int32(nanos)) : (Int64(seconds), Int32(nanos))
  }
}

/// Digits that are put one behind the other.
private struct DecimalText {
  private var bytes: [UInt8] = []

  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends a mark, if there is one, and so many digits.
  mutating func append(_ number: Int, digits: Int, after mark: Unicode.Scalar? = nil) {
    if let mark { bytes.append(UInt8(ascii: mark)) }
    var unit = 1
    for _ in 1..<digits { unit *= 10 }
    while unit > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / unit % 10))
      unit /= 10
    }
  }

  /// Appends nothing, or a point and 3, 6 or 9 digits.
  mutating func append(fraction nanos: Int) {
    if nanos == 0 { return }
    if nanos % 1_000_000 == 0 {
      append(nanos / 1_000_000, digits: 3, after: ".")
    } else if nanos % 1_000 == 0 {
      append(nanos / 1_000, digits: 6, after: ".")
    } else {
      append(nanos, digits: 9, after: ".")
    }
  }
}

/// A cursor over the digits and marks of a time.
private struct DigitCursor {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  var isAtEnd: Bool { position == text.count }

  /// Passes over a character, if it is the next one.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Reads a number of so many digits.
  mutating func number(_ count: Int) -> Int? {
    let start = position
    guard let value = digits(max: count), position == start + count else { return nil }
    return value
  }

  /// Reads a number of one digit or more, but not more than so many.
  mutating func digits(max: Int) -> Int? {
    let start = position
    var value = 0
    while position < text.count, case let digit = text[position] &- UInt8(ascii: "0"), digit < 10 {
      guard position - start < max else { return nil }
      value = value * 10 + Int(digit)
      position += 1
    }
    return position > start ? value : nil
  }

  /// Reads a point and one to nine digits, in billionths; 0 if there is no point.
  mutating func fraction() -> Int? {
    guard take(".") else { return 0 }
    let start = position
    guard var value = digits(max: 9) else { return nil }
    for _ in position - start..<9 { value *= 10 }
    return value
  }

  /// Reads `Z` or an offset such as `+10:00`, in seconds.
  mutating func zoneOffset() -> Int? {
    if take("Z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = number(2), take(":"), let minutes = number(2),
      hours < 24, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (isWest ? -60 : 60)
  }
}
