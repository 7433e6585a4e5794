internal import ProtoWire
package import WellKnownTypes

extension Customer {
  /// Returns the customer as an update leaves it, in normal form.
  ///
  /// What only the server sets (id, version, times) stays this customer's; the caller compares
  /// versions before, and counts on after if the result differs from this customer. An upsert
  /// that finds no customer doesn't come here: it is `patch.validated(for: .create)`, whatever
  /// the mask.
  ///
  /// Which fields are taken over from the patch is decided by the mask:
  /// - absent or without paths: the fields that are set in the patch, a text or a list being set
  ///   when it isn't empty. Attributes are set all together: those not in the patch are removed.
  /// - `*`, also among other paths: all of them, so that what isn't set in the patch is emptied.
  /// - paths such as `first_name` or `firstName`: these, and empty if they are in the patch.
  ///   `attributes.tier` sets the one attribute, or removes it if the patch doesn't have it;
  ///   everything after the first dot is the name.
  ///
  /// Lists are replaced whole. An element's key says which one it is: one of this customer's
  /// changes that element, an empty one makes a new element with a key of its own, one that
  /// isn't known is kept as it is given; elements that aren't in the patch are removed.
  ///
  /// - Parameters:
  ///   - patch: The values to write, as they came.
  ///   - mask: Which fields to write.
  ///   - makeKey: Makes the key of a phone or an address that has none.
  /// - Returns: The normal form of the merged customer.
  /// - Throws: ``InvalidCustomer`` with everything that is wrong with the mask (its field is
  ///   `updateMask`) and with the customer that would result.
  package func updated(
    by patch: Customer,
    mask: FieldMask?,
    makeKey: () -> UniqueID
  ) throws(InvalidCustomer) -> Customer {
    var violations: [Violation] = []
    var merged = self
    if let paths = mask?.paths, !paths.isEmpty {
      merged.take(paths, from: patch, &violations)
    } else {
      merged.takeSetFields(from: patch)
    }
    var validator = CustomerValidator(violations: violations)
    let normal = validator.normalForm(of: merged, for: .update, makeKey: makeKey)
    guard validator.violations.isEmpty else {
      throw InvalidCustomer(violations: validator.violations)
    }
    return normal
  }

  private mutating func takeSetFields(from patch: Customer) {
    for field in CustomerField.allCases where !field.isSetByServer && !field.isEmpty(in: patch) {
      field.copy(from: patch, to: &self)
    }
    if !patch.unknownFields.isEmpty { unknownFields = patch.unknownFields }
  }

  private mutating func take(
    _ paths: [String],
    from patch: Customer,
    _ violations: inout [Violation]
  ) {
    let max = CustomerLimits.maskPathsMax
    guard paths.count <= max else {
      let description = "\(paths.count) paths is over the limit of \(max)"
      violations.append(Violation(field: "updateMask", description: description))
      return
    }
    let named = Self.withNormalNames(patch.attributes)
    for path in paths where path != "*" {
      do throws(MaskPathError) {
        switch try MaskPath(path) {
        case .field(let field): field.copy(from: patch, to: &self)
        case .attribute(let name):
          let name = Text(name, codePointsMax: CustomerLimits.attributeNameCodePointsMax).text
          attributes[name] = named[name]
        }
      } catch {
        violations.append(Violation(field: "updateMask", description: error.description))
      }
    }
    if paths.contains("*") { takeAll(from: patch) }
  }

  private mutating func takeAll(from patch: Customer) {
    var replaced = patch
    for field in CustomerField.allCases where field.isSetByServer {
      field.copy(from: self, to: &replaced)
    }
    self = replaced
  }

  /// Attributes by the normal form of their names, by which a mask finds them; of those that
  /// become alike the last stays.
  private static func withNormalNames(
    _ attributes: WireMap<String, String>
  ) -> WireMap<String, String> {
    let max = CustomerLimits.attributeNameCodePointsMax
    if attributes.allSatisfy({ Text.isPlain($0.key, codePointsMax: max) }) { return attributes }
    let named = attributes.map { (Text($0.key, codePointsMax: max).text, $0.value) }
    return WireMap(Dictionary(named) { $1 })
  }
}
