internal import CustomerStore
internal import TTRPC

/// A position in a store, as callers hold it: text that means something to the same store only.
///
/// `STORE.POSITION.CHECK`, all url-safe: the store's id, a number, and eight hexadecimal digits that
/// bind the token to what it was made for (a feed of changes).
struct StoreToken {
  /// Where to go on.
  let position: Int64

  /// Writes a token.
  static func text(store: String, position: Int64, purpose: String) -> String {
    "\(store).\(position).\(TokenCheck.text("\(store).\(position).\(purpose)"))"
  }

  /// Reads a token; `nil` if it isn't one of this store made for this purpose.
  init?(_ text: String, store: String, purpose: String) {
    guard text.utf8.count <= Self.lengthMax else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == store, let position = Int64(parts[1]), position >= 0,
      parts[2] == TokenCheck.text("\(store).\(position).\(purpose)")
    else { return nil }
    self.position = position
  }

  /// Whether a text is a token of this purpose that another store made.
  static func isOfAnotherStore(_ text: String, than store: String, purpose: String) -> Bool {
    guard let end = text.firstIndex(of: ".") else { return false }
    let maker = String(text[..<end])
    return maker != store && StoreToken(text, store: maker, purpose: purpose) != nil
  }

  /// The longest token that is looked at, in bytes.
  private static let lengthMax = 200
}

/// A place in a list, as callers hold it until they ask for the next page.
///
/// `STORE.ROW.KEY.CHECK`, all url-safe: `KEY` is empty, `t` and a time, or `x` and a text's bytes in
/// hexadecimal. The check binds it to the store and to the list's filter and order.
enum PageToken {
  /// Writes a token.
  static func text(store: String, position: ListPosition, purpose: String) -> String {
    let place = "\(position.row).\(text(of: position.key))"
    return "\(store).\(place).\(TokenCheck.text("\(store).\(place).\(purpose)"))"
  }

  /// Reads a token; `nil` if it isn't one of this store made for this purpose.
  static func position(_ text: String, store: String, purpose: String) -> ListPosition? {
    guard text.utf8.count <= lengthMax else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == store, let row = Int64(parts[1]), row >= 0,
      let key = key(parts[2]),
      parts[3] == TokenCheck.text("\(store).\(parts[1]).\(parts[2]).\(purpose)")
    else { return nil }
    return ListPosition(row: row, key: key)
  }

  /// The longest token that is looked at, in bytes: three names of the longest, with room.
  private static let lengthMax = 16_384

  private static func text(of key: ListKey) -> String {
    switch key {
    case .none: return ""
    case .time(let time): return "t\(time)"
    case .text(let bytes):
      var text: [UInt8] = [UInt8(ascii: "x")]
      for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  private static func key(_ text: Substring) -> ListKey? {
    let rest = text.dropFirst()
    switch text.first {
    case nil: return ListKey.none
    case "t": return Int64(rest).map { .time($0) }
    case "x":
      guard rest.utf8.count.isMultiple(of: 2) else { return nil }
      var bytes: [UInt8] = []
      var high: UInt8?
      for character in rest.utf8 {
        guard let digit = digits.firstIndex(of: character) else { return nil }
        if let first = high {
          bytes.append(first << 4 | UInt8(digit))
          high = nil
        } else {
          high = UInt8(digit)
        }
      }
      return .text(bytes)
    default: return nil
    }
  }

  private static let digits = Array("0123456789abcdef".utf8)
}

/// What binds a token to what it was made for.
private enum TokenCheck {
  /// FNV-1a of 32 bits: it finds mistakes, and isn't meant to stop a forger, who could read the
  /// same customers without it.
  static func text(_ text: String) -> String {
    var hash: UInt32 = 0x811C_9DC5
    for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
