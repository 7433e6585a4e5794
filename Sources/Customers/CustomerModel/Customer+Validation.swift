internal import ProtoWire

/// What a customer is written for, as far as the rules differ.
public enum CustomerWrite: Hashable, Sendable {
  /// The customer is new: an empty display name is filled from the first and the last.
  case create

  /// The customer exists: an empty display name stays empty.
  case update
}

extension Customer {
  /// Returns the customer in normal form: what the store keeps.
  ///
  /// Text is in normal form C and trimmed, ids, keys and domains are in lower case, countries in
  /// upper case, international numbers without punctuation; every phone and address has a key. A
  /// phone with a local number and a country but no international number gets one, if it is sure
  /// what it is (``LocalNumber``); a local number that can't be right is no error, because it may
  /// be an extension or hold words.
  /// The normal form of a normal form is itself. An empty id stays empty; what only the server
  /// sets stays as it is.
  ///
  /// A customer whose text is all ASCII and in normal form, the usual case, is checked in about a
  /// microsecond and shares its storage with the result.
  ///
  /// - Parameters:
  ///   - write: What the customer is written for.
  ///   - makeKey: Makes the key of a phone or an address that has none.
  /// - Returns: The normal form.
  /// - Throws: ``InvalidCustomer`` with everything that is wrong, each with its field. Of a list
  ///   that is too long only the elements within the limit are looked at.
  public func validated(
    for write: CustomerWrite,
    makeKey: () -> UniqueID
  ) throws(InvalidCustomer) -> Customer {
    var validator = CustomerValidator()
    let normal = validator.normalForm(of: self, for: write, makeKey: makeKey)
    guard validator.violations.isEmpty else {
      throw InvalidCustomer(violations: validator.violations)
    }
    return normal
  }

  /// The size of the record without what the server sets, in bytes: what
  /// ``CustomerLimits/recordBytesMax`` is a limit of.
  var writtenSize: Int {
    var written = self
    for field in CustomerField.allCases where field.isSetByServer {
      field.copy(from: Customer(), to: &written)
    }
    return written.wireSize
  }
}
