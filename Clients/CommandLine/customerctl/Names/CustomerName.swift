import Arguments
import CustomerModel

/// A customer as the command line names it, perhaps with one of its versions.
///
/// `0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55`, `0193a5`, `ann@example.com`, and each of them with
/// `@VERSION` behind it.
struct CustomerName: Equatable {
  /// How the customer is told from others.
  enum Kind: Equatable {
    /// By its whole id, in lower case.
    case id(String)

    /// By the beginning of its id, in lower case and with hyphens.
    case beginning(String)

    /// By its e-mail address.
    case emailAddress(String)

    /// By nothing that names a customer.
    case other(String)
  }

  /// How the customer is told from others.
  var kind: Kind

  /// The version; 0 is the latest, or any.
  var version: UInt64 = 0

  /// The fewest hexadecimal digits that are taken as the beginning of an id.
  static let beginningDigitsMin = 4

  /// Reads a name.
  ///
  /// - Throws: If what stands behind an id and an @ is no version.
  init(_ text: String) throws(Failure) {
    var subject = text
    if let sign = text.lastIndex(of: "@") {
      let front = String(text[..<sign])
      let back = text[text.index(after: sign)...]
      let isNumber = !back.isEmpty && back.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
      if isNumber || Self.isID(front) {
        guard isNumber, let version = UInt64(back), version > 0, !front.isEmpty else {
          throw Failure("\(Words.quoted(text)) is no id: behind @ stands a version", .usage)
        }
        self.version = version
        subject = front
      }
    }
    if let id = try? CustomerID(subject) {
      kind = .id("\(id)")
    } else if subject.contains("@") {
      kind = .emailAddress(subject)
    } else if let beginning = Self.beginning(subject) {
      kind = .beginning(beginning)
    } else {
      kind = .other(subject)
    }
  }

  /// Names a customer by its whole id.
  init(id: String, version: UInt64 = 0) {
    kind = .id(id)
    self.version = version
  }

  /// The beginning of an id as ids are written, if the text can be one.
  ///
  /// - Parameter text: Hexadecimal digits; hyphens may be left out.
  /// - Returns: The digits in lower case, with the hyphens that ids have.
  static func beginning(_ text: String) -> String? {
    let hyphens = [8, 13, 18, 23]
    var result = ""
    for character in text.lowercased() {
      guard result.utf8.count < UniqueID.textLength else { return nil }
      if character == "-" {
        guard hyphens.contains(result.utf8.count) else { return nil }
      } else {
        guard character.isASCII, character.isHexDigit else { return nil }
        if hyphens.contains(result.utf8.count) { result += "-" }
      }
      result.append(character)
    }
    let digits = result.utf8.count { $0 != UInt8(ascii: "-") }
    return digits >= beginningDigitsMin ? result : nil
  }

  private static func isID(_ text: String) -> Bool { (try? CustomerID(text)) != nil }
}

/// A customer that was named and found.
struct FoundName: Equatable {
  /// The whole id.
  var id: String

  /// The version that was named; 0 is the latest, or any.
  var version: UInt64 = 0
}
