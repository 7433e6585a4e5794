/// Why a text is no e-mail address.
public enum EmailAddressError: Error, Hashable, Sendable {
  /// It is too long.
  case tooLong(octets: Int, max: Int)

  /// It has a character that no text may have.
  case character(Unicode.Scalar)

  /// It has no @ or several.
  case signs(Int)

  /// Nothing stands before the @.
  case localPartEmpty

  /// A dot is the first character.
  case localPartStartsWithDot

  /// A dot stands before the @.
  case localPartEndsWithDot

  /// Two dots stand next to each other before the @.
  case localPartHasTwoDots

  /// A character may not stand before the @.
  case localPartCharacter(Unicode.Scalar)

  /// Nothing stands behind the @.
  case domainEmpty

  /// A character may not stand in a domain, or not where it stands.
  case domainCharacter(Unicode.Scalar)

  /// The domain has fewer labels than a mail domain needs.
  case domainTooFewLabels(Int, min: Int)

  /// A dot of the domain has nothing before or behind it.
  case domainLabelEmpty

  /// A label is too long, in octets of its ASCII form.
  case domainLabelTooLong(octets: Int, max: Int)

  /// A label's first character is a hyphen.
  case domainLabelStartsWithHyphen

  /// A label's last character is a hyphen.
  case domainLabelEndsWithHyphen

  /// The last label is a number, as an IP address's is.
  case domainLastLabelNumeric
}

extension EmailAddressError: CustomStringConvertible {
  /// What is wrong, without the address.
  public var description: String {
    switch self {
    case .tooLong(let octets, let max): "\(octets) octets is over the limit of \(max)"
    case .character(let scalar): TextFault.character(scalar).description
    case .signs(let count): count == 0 ? "has no @" : "has \(count) @, not one"
    case .localPartEmpty: "has nothing before the @"
    case .localPartStartsWithDot: "starts with a dot"
    case .localPartEndsWithDot: "has a dot before the @"
    case .localPartHasTwoDots: "has two dots in a row before the @"
    case .localPartCharacter(let scalar): "\(scalar.codePoint) is not allowed before the @"
    case .domainEmpty: "has nothing behind the @"
    case .domainCharacter(let scalar): "\(scalar.codePoint) is not allowed here in a domain"
    case .domainTooFewLabels(let count, let min):
      "domain of \(count) label is under the minimum of \(min)"
    case .domainLabelEmpty: "domain has an empty label"
    case .domainLabelTooLong(let octets, let max):
      "domain label of \(octets) octets is over the limit of \(max)"
    case .domainLabelStartsWithHyphen: "domain label starts with a hyphen"
    case .domainLabelEndsWithHyphen: "domain label ends with a hyphen"
    case .domainLastLabelNumeric: "last domain label is a number"
    }
  }
}
