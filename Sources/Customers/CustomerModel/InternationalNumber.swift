/// International phone numbers in the form of E.164: `+` and digits.
enum InternationalNumber {
  /// Whether a text is a number in normal form.
  static func isNormal(_ text: String) -> Bool {
    let digits = text.utf8.count - 1
    guard digits >= CustomerLimits.numberInternationalDigitsMin,
      digits <= CustomerLimits.numberInternationalDigitsMax
    else { return false }
    var isFirst = true
    for byte in text.utf8 {
      if isFirst {
        guard byte == UInt8(ascii: "+") else { return false }
        isFirst = false
      } else if byte &- UInt8(ascii: "0") > 9 {
        return false
      }
    }
    return true
  }

  /// The number that a text means, without punctuation.
  ///
  /// A zero in brackets, as in `+44 (0)20 …`, is only dialled inside the country and left away;
  /// where it isn't, as in Italy, it stays.
  ///
  /// - Throws: ``InternationalNumberError`` if it is none.
  static func normal(_ text: String) throws(InternationalNumberError) -> String {
    var normal = "+"
    var digits = 0
    var hasPlus = false
    for scalar in text.unicodeScalars {
      switch scalar {
      case "+" where !hasPlus && digits == 0:
        hasPlus = true
      case "0"..."9":
        guard hasPlus else { throw .noPlus }
        digits += 1
        if digits <= CustomerLimits.numberInternationalDigitsMax {
          normal.unicodeScalars.append(scalar)
        }
      case _ where isPunctuation(scalar):
        break
      default:
        throw .character(scalar)
      }
    }
    guard hasPlus else { throw .noPlus }
    guard digits >= CustomerLimits.numberInternationalDigitsMin else {
      throw .tooShort(digits: digits, min: CustomerLimits.numberInternationalDigitsMin)
    }
    guard digits <= CustomerLimits.numberInternationalDigitsMax else {
      throw .tooLong(digits: digits, max: CustomerLimits.numberInternationalDigitsMax)
    }
    if text.contains("(0)") { return LocalNumber.international(text, country: "") ?? normal }
    return normal
  }

  /// Whether a character is what people put between digits: spaces, hyphens and dashes, dots,
  /// slashes, round and square brackets, and the invisible ones that come with copying.
  ///
  /// The set is libphonenumber's `VALID_PUNCTUATION` and all white space, without the letter x and
  /// the tilde, behind which an extension stands: its digits are none of the number's.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20, 0x28, 0x29, 0x2D...0x2F, 0x5B, 0x5D: true
    case 0xAD, 0x200B...0x200F, 0x2010...0x2015, 0x2053, 0x2060, 0x2212, 0x223C: true
    case 0x30FC, 0xFF08, 0xFF09, 0xFF0D...0xFF0F, 0xFF3B, 0xFF3D: true
    default: scalar.properties.isWhitespace
    }
  }
}

/// Why a text is no international phone number.
enum InternationalNumberError: Error, Hashable {
  /// It doesn't start with a plus sign.
  case noPlus

  /// It has a character that is neither a digit nor punctuation.
  case character(Unicode.Scalar)

  /// It has fewer digits than any number has.
  case tooShort(digits: Int, min: Int)

  /// It has more digits than any number has.
  case tooLong(digits: Int, max: Int)
}

extension InternationalNumberError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noPlus: "an international number starts with + and the country's code"
    case .character(let scalar): "\(scalar.codePoint) is neither a digit nor punctuation"
    case .tooShort(let digits, let min): "\(digits) digits is under the minimum of \(min)"
    case .tooLong(let digits, let max): "\(digits) digits is over the limit of \(max)"
    }
  }
}
