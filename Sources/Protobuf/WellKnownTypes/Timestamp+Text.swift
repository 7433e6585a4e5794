extension Timestamp {
  /// Reads a time in RFC 3339's form, as proto3's JSON writes it: `2026-03-01T09:30:00.25Z`.
  ///
  /// The fraction has one to nine digits or is absent; other offsets than `Z` are converted.
  /// There are no leap seconds: a 60th second is refused, as protobuf's own readers do.
  ///
  /// - Throws: ``TimestampError`` that says what is wrong.
  public init(rfc3339 text: String) throws(TimestampError) {
    var scanner = TimestampScanner(text)
    let date = try scanner.date()
    let clock = try scanner.clock()
    let nanos = try scanner.fraction()
    let offset = try scanner.offset()
    guard scanner.isAtEnd else { throw .form }
    let seconds = Self.days(date) * Self.secondsPerDay + clock - offset
    guard Self.secondsRange.contains(seconds) else { throw .range }
    self.init()
    self.seconds = seconds
    self.nanos = nanos
  }

  /// The time in RFC 3339's form, always in `Z`, with 0, 3, 6 or 9 digits of fraction; `nil` if
  /// it isn't valid.
  public var rfc3339: String? {
    guard isValid else { return nil }
    var day = seconds / Self.secondsPerDay
    var second = seconds % Self.secondsPerDay
    if second < 0 {
      day -= 1
      second += Self.secondsPerDay
    }
    let date = Self.date(day)
    var text: [UInt8] = []
    text.reserveCapacity("9999-12-31T23:59:59.999999999Z".utf8.count)
    Self.append(date.year, digits: 4, then: "-", to: &text)
    Self.append(date.month, digits: 2, then: "-", to: &text)
    Self.append(date.day, digits: 2, then: "T", to: &text)
    Self.append(second / 3600, digits: 2, then: ":", to: &text)
    Self.append(second / 60 % 60, digits: 2, then: ":", to: &text)
    Self.append(second % 60, digits: 2, then: nanos == 0 ? "Z" : ".", to: &text)
    switch Int64(nanos) {
    case 0: break
    case let nanos where nanos % 1_000_000 == 0:
      Self.append(nanos / 1_000_000, digits: 3, then: "Z", to: &text)
    case let nanos where nanos % 1000 == 0:
      Self.append(nanos / 1000, digits: 6, then: "Z", to: &text)
    case let nanos: Self.append(nanos, digits: 9, then: "Z", to: &text)
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let secondsPerDay: Int64 = 86_400

  private static func append(
    _ number: Int64,
    digits: Int,
    then mark: Unicode.Scalar,
    to text: inout [UInt8]
  ) {
    var divisor: Int64 = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
      divisor /= 10
    }
    text.append(UInt8(ascii: mark))
  }

  /// The days from 1970-01-01 to a date of the Gregorian calendar (Howard Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms"): years begin in March, so that the leap day
  /// is their last, and are counted in eras of 400.
  private static func days(_ date: (year: Int64, month: Int64, day: Int64)) -> Int64 {
    let year = date.month <= 2 ? date.year - 1 : date.year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let month = (date.month + 9) % 12
    let dayOfYear = (153 * month + 2) / 5 + date.day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * daysPerEra + dayOfEra - daysBefore1970
  }

  /// The date that is so many days after 1970-01-01: the inverse of `days`.
  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let days = days + daysBefore1970
    let era = (days >= 0 ? days : days - daysPerEra + 1) / daysPerEra
    let dayOfEra = days - era * daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static let daysPerEra: Int64 = 146_097

  /// The days from 0000-03-01 to 1970-01-01.
  private static let daysBefore1970: Int64 = 719_468
}

/// Why a text is no time.
public enum TimestampError: Error, Hashable, Sendable {
  /// The text isn't of the form `2026-03-01T09:30:00.25Z`.
  case form

  /// The text names a day, an hour or a second that doesn't exist.
  case noSuchTime

  /// The time isn't in the years 0001 to 9999.
  case range
}

extension TimestampError: CustomStringConvertible {
  /// What is wrong, without the text.
  public var description: String {
    switch self {
    case .form: "not a time such as 2026-03-01T09:30:00Z"
    case .noSuchTime: "a time that doesn't exist"
    case .range: "not a time in the years 0001 to 9999"
    }
  }
}

/// Reads the parts of a time's text, one after the other.
private struct TimestampScanner {
  private var bytes: Substring.UTF8View

  init(_ text: String) { bytes = Substring(text).utf8 }

  var isAtEnd: Bool { bytes.isEmpty }

  mutating func date() throws(TimestampError) -> (year: Int64, month: Int64, day: Int64) {
    let year = try number(digits: 4)
    try skip("-")
    let month = try number(digits: 2)
    try skip("-")
    let day = try number(digits: 2)
    try skip("T")
    guard (1...12).contains(month), (1...Self.days(of: month, in: year)).contains(day) else {
      throw .noSuchTime
    }
    return (year, month, day)
  }

  /// Reads the time of day, in seconds.
  mutating func clock() throws(TimestampError) -> Int64 {
    let hour = try number(digits: 2)
    try skip(":")
    let minute = try number(digits: 2)
    try skip(":")
    let second = try number(digits: 2)
    guard hour < 24, minute < 60, second < 60 else { throw .noSuchTime }
    return hour * 3600 + minute * 60 + second
  }

  /// Reads a fraction of a second if there is one, in nanoseconds.
  mutating func fraction() throws(TimestampError) -> Int32 {
    guard bytes.first == UInt8(ascii: ".") else { return 0 }
    bytes.removeFirst()
    var nanos: Int32 = 0
    var unit: Int32 = 100_000_000
    var digits = 0
    while let digit = nextDigit() {
      guard digits < 9 else { throw .form }
      nanos += Int32(digit) * unit
      unit /= 10
      digits += 1
    }
    guard digits > 0 else { throw .form }
    return nanos
  }

  /// Reads the offset from UTC, in seconds; less than a day.
  mutating func offset() throws(TimestampError) -> Int64 {
    let sign = bytes.popFirst()
    if sign == UInt8(ascii: "Z") { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { throw .form }
    let hour = try number(digits: 2)
    try skip(":")
    let minute = try number(digits: 2)
    guard hour < 24, minute < 60 else { throw .noSuchTime }
    let offset = hour * 3600 + minute * 60
    return sign == UInt8(ascii: "-") ? -offset : offset
  }

  private mutating func number(digits: Int) throws(TimestampError) -> Int64 {
    var number: Int64 = 0
    for _ in 0..<digits {
      guard let digit = nextDigit() else { throw .form }
      number = number * 10 + digit
    }
    return number
  }

  private mutating func nextDigit() -> Int64? {
    guard let byte = bytes.first, case let digit = byte &- UInt8(ascii: "0"), digit < 10 else {
      return nil
    }
    bytes.removeFirst()
    return Int64(digit)
  }

  private mutating func skip(_ mark: Unicode.Scalar) throws(TimestampError) {
    guard bytes.popFirst() == UInt8(ascii: mark) else { throw .form }
  }

  private static func days(of month: Int64, in year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}
