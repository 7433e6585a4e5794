/// What a text of a customer may hold; `CustomerValidator` brings it into normal form.
package enum TextRule: Hashable, Sendable {
  /// One line of text.
  case line(codePointsMax: Int)

  /// A UUID that tells an element of a list from the others.
  case key

  /// An e-mail address.
  case emailAddress

  /// ISO 3166-1 alpha-2.
  case country

  /// Letters, digits, spaces and hyphens.
  case postcode

  /// E.164.
  case numberInternational

  /// A person's name.
  static let name = TextRule.line(codePointsMax: CustomerLimits.nameCodePointsMax)
}
