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
    let sign = seconds < 0 || nanos < 0 ? "-" : ""
    return sign + String(seconds.magnitude) + fraction(Int(nanos.magnitude)) + "s"
  }

  /// Nothing, or a point and 3, 6 or 9 digits.
  private static func fraction(_ nanos: Int) -> String {
    if nanos == 0 { return "" }
    let digits = String(1_000_000_000 + nanos).utf8.dropFirst()
    let count = nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : 9
    return "." + String(decoding: digits.prefix(count), as: UTF8.self)
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

/// A cursor over the digits and marks of a duration.
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
}
