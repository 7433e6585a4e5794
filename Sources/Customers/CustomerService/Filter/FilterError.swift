internal import CustomerModel
internal import ProtoWire
internal import TTRPC

/// Why a text is no filter of a list.
enum FilterError: Error, Hashable {
  /// It is longer than a filter may be, in bytes.
  case tooLong(bytes: Int, max: Int)

  /// It has more comparisons than may be joined.
  case tooManyConditions(count: Int, max: Int)

  /// A quote has no end.
  case unclosed(column: Int)

  /// Something stands where a comparison doesn't go on so.
  case unexpected(String, column: Int)

  /// It ends in the middle of a comparison.
  case endsEarly(expected: String)

  /// A value that the field can't have: its field and what is wrong.
  case value(field: String, reason: String)

  /// No index serves this.
  case notSupported(String)
}

extension FilterError: CustomStringConvertible {
  /// What a list can be filtered by.
  static let supported = """
    emailAddress = "ann@example.com" or "ann*", lastName = "smith" or "smi*", firstName = "ann", \
    attributes.NAME = "value", attributes:NAME, phones.numberInternational = "+61491570006" or \
    "+61491*", addresses.postcode = "4000", customerId = "0193a5c0-…" or "0193*", \
    updateTime >= "2026-01-01T00:00:00Z" (also > <= < =), joined by AND
    """

  var description: String {
    switch self {
    case .tooLong(let bytes, let max): "\(bytes) bytes is over the limit of \(max)"
    case .tooManyConditions(let count, let max):
      "\(count) comparisons is over the limit of \(max)"
    case .unclosed(let column): "the quote at character \(column) has no end"
    case .unexpected(let what, let column): "\(what) at character \(column) is not expected"
    case .endsEarly(let expected): "ends where \(expected) is expected"
    case .value(let field, let reason): "\(field): \(reason)"
    case .notSupported(let what): "\(what) is not supported; supported are: \(Self.supported)"
    }
  }
}

extension RPCError {
  /// Translates what is wrong with a filter.
  init(_ error: FilterError) {
    self.init(refusing: "filter", "\(error)")
    if case .notSupported = error {
      attach(reason: .filterNotSupported, ["supported": FilterError.supported])
    } else {
      attach(reason: .filterInvalid)
    }
  }
}
