/// The members of one JSON object, found without reading their values.
///
/// Says what stands there; whether it is well-formed is for whoever reads it to say.
struct JSONMembers {
  /// A member and where it stands.
  struct Member {
    /// The name, as its bytes stand between the quotes.
    var name: String

    /// From the name's quote to the end of the value.
    var range: Range<Int>
  }

  /// In the order in which they stand.
  private(set) var members: [Member] = []

  /// Looks through an object.
  init(_ bytes: [UInt8]) {
    var depth = 0
    var stringStart: Int?
    var isEscaped = false
    var memberStart: Int?
    var name: String?
    for (index, byte) in bytes.enumerated() {
      if let start = stringStart {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          stringStart = nil
          if depth == 1, name == nil {
            name = String(decoding: bytes[(start + 1)..<index], as: UTF8.self)
            memberStart = start
          }
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): stringStart = index
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
        if depth == 1, let start = memberStart, let found = name {
          members.append(Member(name: found, range: start..<index))
          memberStart = nil
          name = nil
        }
        if byte != UInt8(ascii: ",") { depth -= 1 }
      default: break
      }
    }
  }

  /// An object with the members left over when some are taken out, in one line.
  ///
  /// - Parameters:
  ///   - bytes: The object.
  ///   - removed: The names to take out.
  ///   - first: Members to put before the others, as JSON text.
  /// - Returns: The object's text.
  static func object(
    _ bytes: [UInt8],
    without removed: [String],
    adding first: [String] = []
  ) -> [UInt8] {
    var parts = first.map { Array($0.utf8) }
    for member in JSONMembers(bytes).members where !removed.contains(member.name) {
      // Line ends in JSON stand between values only; as spaces they keep NDJSON's lines whole.
      parts.append(bytes[member.range].map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
    }
    return [UInt8(ascii: "{")] + parts.joined(separator: [UInt8(ascii: ",")])
      + [UInt8(ascii: "}")]
  }
}
