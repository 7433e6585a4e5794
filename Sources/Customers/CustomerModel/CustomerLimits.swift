/// How much a customer may hold; each limit is inclusive.
///
/// Lengths of text are in Unicode code points of the normal form: what a user counts, near
/// enough, whatever the script, and what every language can count alike.
public enum CustomerLimits {
  /// The longest first, last and display name: more than any register of persons has.
  public static let nameCodePointsMax = 256

  /// The longest e-mail address, in octets of UTF-8: what fits a mail server's path (RFC 5321,
  /// 4.5.3.1.3, as RFC 3696's erratum 1690 reads it).
  public static let emailAddressOctetsMax = 254

  /// The longest label of an e-mail address's domain, in octets of its ASCII form (RFC 1035, 2.3.4).
  public static let domainLabelOctetsMax = 63

  /// The fewest labels of an e-mail address's domain: a name and a top-level domain.
  public static let domainLabelsMin = 2

  /// The most phones a customer may have.
  public static let phonesMax = 20

  /// The longest local phone number, which may hold an extension in words.
  public static let numberLocalCodePointsMax = 40

  /// The fewest digits of an international phone number, the country's code included.
  public static let numberInternationalDigitsMin = 7

  /// The most digits of an international phone number (E.164, 6.2.1).
  public static let numberInternationalDigitsMax = 15

  /// The most addresses a customer may have.
  public static let addressesMax = 20

  /// The longest first and second line of an address.
  public static let addressLineCodePointsMax = 256

  /// The longest suburb.
  public static let suburbCodePointsMax = 100

  /// The longest state, province or region.
  public static let stateCodePointsMax = 100

  /// The longest postcode, in characters of ASCII.
  public static let postcodeCharactersMax = 20

  /// The most attributes a customer may have.
  public static let attributesMax = 50

  /// The longest name of an attribute.
  public static let attributeNameCodePointsMax = 40

  /// The longest value of an attribute.
  public static let attributeValueCodePointsMax = 500

  /// The largest encoded customer, in bytes: 64 KiB.
  ///
  /// What the server sets (id, version, times) doesn't count: else a customer that was accepted
  /// could not be written back once its version is a byte longer.
  public static let recordBytesMax = 65_536

  /// The most paths of an update's mask: every field and, twice over, every attribute.
  public static let maskPathsMax = 128
}
