internal import TTRPC

/// A position in a store, as callers hold it: text that means something to the same store only.
///
/// `STORE-POSITION-CHECK`, all url-safe: the store's id, a number, and eight hexadecimal digits that
/// bind the token to what it was made for (a list's filter and order, or a feed of changes).
struct StoreToken {
  /// Where to go on.
  let position: Int64

  /// Writes a token.
  static func text(store: String, position: Int64, purpose: String) -> String {
    "\(store).\(position).\(check(store, position, purpose))"
  }

  /// Reads a token; `nil` if it isn't one of this store made for this purpose.
  init?(_ text: String, store: String, purpose: String) {
    guard text.utf8.count <= Self.lengthMax else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == store, let position = Int64(parts[1]), position >= 0,
      parts[2] == Self.check(store, position, purpose)
    else { return nil }
    self.position = position
  }

  /// The longest token that is looked at, in bytes.
  private static let lengthMax = 200

  /// FNV-1a of 32 bits: it finds mistakes, and isn't meant to stop a forger, who could read the
  /// same customers without it.
  private static func check(_ store: String, _ position: Int64, _ purpose: String) -> String {
    var hash: UInt32 = 0x811C_9DC5
    for byte in "\(store).\(position).\(purpose)".utf8 {
      hash = (hash ^ UInt32(byte)) &* 0x0100_0193
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
