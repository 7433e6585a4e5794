/// How the text of an option or argument becomes a value, and how a value is shown in help.
package struct ValueKind<Value: Sendable>: Sendable {
  /// What stands for the value in help, in capitals: `PATH`.
  package let placeholder: String

  /// The values there are, if they can be counted; shown in help, offered by completions.
  package let choices: [String]

  /// Reads a value; throws what is wrong with the text.
  package let read: @Sendable (String) throws(ValueError) -> Value

  /// Writes a value as ``read`` takes it.
  package let write: @Sendable (Value) -> String

  /// Creates a kind of value.
  package init(
    placeholder: String,
    choices: [String] = [],
    read: @escaping @Sendable (String) throws(ValueError) -> Value,
    write: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.choices = choices
    self.read = read
    self.write = write
  }

  /// The same kind under another placeholder.
  package func named(_ placeholder: String) -> ValueKind {
    ValueKind(placeholder: placeholder, choices: choices, read: read, write: write)
  }
}

/// Why a text is no value of its kind: `'abc' is not a whole number`.
package struct ValueError: Error, Equatable, Sendable {
  /// What is wrong, starting with the text itself.
  package let message: String

  /// Creates an error from its text.
  package init(_ message: String) { self.message = message }
}

extension ValueKind where Value == String {
  /// Any text, the empty one too.
  package static var text: ValueKind {
    ValueKind(placeholder: "TEXT", read: { text throws(ValueError) in text }, write: { $0 })
  }

  /// The path of a file; not empty.
  package static var path: ValueKind {
    ValueKind(
      placeholder: "PATH",
      read: { text throws(ValueError) in
        if text.isEmpty { throw ValueError("a path may not be empty") }
        return text
      },
      write: { $0 }
    )
  }
}

extension ValueKind where Value == Int {
  /// A whole number in decimal digits.
  package static func integer(_ range: ClosedRange<Int>) -> ValueKind {
    ValueKind(
      placeholder: "N",
      read: { text throws(ValueError) in
        guard let value = Int(text) else {
          throw ValueError("\(Words.quoted(text)) is not a whole number")
        }
        return try within(range, value) { "\($0)" }
      },
      write: { "\($0)" }
    )
  }

  /// A number of bytes: `4096`, `64KiB`, `4MiB`, `1GiB`; `KB`, `MB` and `GB` count in thousands.
  package static func byteSize(_ range: ClosedRange<Int>) -> ValueKind {
    ValueKind(
      placeholder: "SIZE",
      read: { text throws(ValueError) in
        guard let value = scaled(text, units: byteUnits) else {
          throw ValueError("\(Words.quoted(text)) is not a size such as 4096, 64KiB or 4MiB")
        }
        return try within(range, value, byteSizeText)
      },
      write: byteSizeText
    )
  }
}

extension ValueKind where Value == Duration {
  /// A span of time: `250us`, `500ms`, `10s`, `5m`, `2h`.
  package static func duration(_ range: ClosedRange<Duration>) -> ValueKind {
    ValueKind(
      placeholder: "TIME",
      read: { text throws(ValueError) in
        guard let nanoseconds = scaled(text, units: timeUnits) else {
          throw ValueError("\(Words.quoted(text)) is not a time such as 500ms, 10s or 5m")
        }
        return try within(range, .nanoseconds(nanoseconds), durationText)
      },
      write: durationText
    )
  }
}

extension ValueKind where Value == UInt32 {
  /// A file's permission bits in octal: `0600`.
  package static var octalMode: ValueKind {
    ValueKind(
      placeholder: "MODE",
      read: { text throws(ValueError) in
        guard text.utf8.count <= 5, let mode = UInt32(text, radix: 8), mode <= 0o7777,
          text.utf8.first != UInt8(ascii: "+")
        else {
          throw ValueError("\(Words.quoted(text)) is not an octal mode such as 0600")
        }
        return mode
      },
      write: { mode in
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      }
    )
  }
}

extension ValueKind
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// One of an enum's names.
  package static var choice: ValueKind {
    let names = Value.allCases.map { $0.rawValue }
    return ValueKind(
      placeholder: names.joined(separator: "|"),
      choices: names,
      read: { text throws(ValueError) in
        if let value = Value(rawValue: text) { return value }
        let all = names.joined(separator: ", ")
        throw ValueError(
          "\(Words.quoted(text)) is not one of \(all)"
            + Words.didYouMean(Words.nearest(to: text, among: names))
        )
      },
      write: { $0.rawValue }
    )
  }
}

/// Checks a range and says both numbers when the value is outside.
private func within<Value: Comparable>(
  _ range: ClosedRange<Value>,
  _ value: Value,
  _ text: (Value) -> String
) throws(ValueError) -> Value {
  if value < range.lowerBound {
    throw ValueError("\(text(value)) is under the minimum of \(text(range.lowerBound))")
  }
  if value > range.upperBound {
    throw ValueError("\(text(value)) is over the maximum of \(text(range.upperBound))")
  }
  return value
}

/// A unit's name and how many of the smallest unit it is; largest first.
private typealias Unit = (name: String, factor: Int)

private let timeUnits: [Unit] = [
  ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
  ("us", 1_000), ("ns", 1),
]

private let byteUnits: [Unit] = [
  ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20), ("MB", 1_000_000), ("KiB", 1 << 10),
  ("KB", 1_000), ("B", 1), ("", 1),
]

/// Reads digits and a unit; nil when there are none, the unit is unknown or the number too large.
private func scaled(_ text: String, units: [Unit]) -> Int? {
  let digits = text.prefix { ("0"..."9").contains($0) }
  let name = text[digits.endIndex...]
  guard let number = Int(digits) else { return nil }
  if number == 0, name.isEmpty { return 0 }
  guard let unit = units.first(where: { $0.name == name }) else { return nil }
  let (value, overflow) = number.multipliedReportingOverflow(by: unit.factor)
  return overflow ? nil : value
}

/// The shortest text that `scaled` reads back, without fractions.
private func unscaled(_ value: Int, units: [Unit], zero: String) -> String {
  guard value != 0 else { return zero }
  for unit in units where value.isMultiple(of: unit.factor) {
    return "\(value / unit.factor)\(unit.name)"
  }
  return "\(value)"
}

@Sendable private func byteSizeText(_ bytes: Int) -> String {
  unscaled(bytes, units: byteUnits.filter { $0.name.hasSuffix("iB") || $0.name.isEmpty }, zero: "0")
}

@Sendable private func durationText(_ duration: Duration) -> String {
  let (seconds, attoseconds) = duration.components
  let (nanoseconds, overflow) = Int(seconds).multipliedReportingOverflow(by: 1_000_000_000)
  guard !overflow else { return "\(seconds)s" }
  return unscaled(nanoseconds + Int(attoseconds / 1_000_000_000), units: timeUnits, zero: "0")
}
