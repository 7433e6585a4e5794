internal import ProtoWire

/// One text in which two versions of a customer differ.
package struct FieldDifference: Hashable, Sendable {
  /// Where the text is now, or where it was.
  package var path: FieldPath

  /// What it was; `nil` if there was none.
  package var old: String?

  /// What it is; `nil` if there is none.
  package var new: String?
}

/// A text in which three versions of a customer differ.
package struct ContestedField: Hashable, Sendable {
  /// Where the text is.
  package var path: FieldPath

  /// What it was; `nil` if there was none, or it isn't known.
  package var before: String?

  /// What somebody else made of it.
  package var theirs: String?

  /// What was about to be written.
  package var mine: String?
}

extension Customer {
  /// The texts in which the customer differs from an older one, in the order of the fields.
  ///
  /// Phones and addresses are matched by their keys: one that only changed its place is the same.
  /// What the server sets (id, version, times) isn't compared.
  package func differences(from base: Customer) -> [FieldDifference] {
    let before = base.texts
    let after = texts
    let old = before.byIdentity
    let kept = after.byIdentity
    return CustomerField.allCases.flatMap { field in
      after.filter { $0.path.field == field && old[$0.identity] != $0.text }
        .map { FieldDifference(path: $0.path, old: old[$0.identity], new: $0.text) }
        + before.filter { $0.path.field == field && kept[$0.identity] == nil }
        .map { FieldDifference(path: $0.path, old: $0.text, new: nil) }
    }
  }

  /// The texts of a customer that callers write, in the order of the fields.
  fileprivate var texts: [CustomerText] {
    CustomerField.allCases.flatMap { field -> [CustomerText] in
      switch field.content {
      case .id, .version, .time: []
      case .text: [CustomerText(.field(field), in: self)].compactMap(\.self)
      case .phones: texts(of: phones) { .phone($0, $1) }
      case .addresses: texts(of: addresses) { .address($0, $1) }
      case .attributes: attributes.compactMap { CustomerText(.attribute($0.key), in: self) }
      }
    }
  }

  private func texts<Element: CustomerElement>(
    of elements: [Element],
    _ path: (Int, Element.Part) -> FieldPath
  ) -> [CustomerText] {
    elements.enumerated().flatMap { place, element in
      Element.Part.allCases.compactMap { part in
        // A kind that wasn't said is none.
        guard !part.isKey, part.text(in: element) != part.text(in: Element()) else { return nil }
        return CustomerText(path(place, part), in: self, key: element.key)
      }
    }
  }
}

extension ContestedField {
  /// The texts in which three versions of a customer differ.
  ///
  /// - Parameters:
  ///   - before: What both began from; `nil` if it isn't known.
  ///   - theirs: The customer as it is.
  ///   - mine: The customer as it was to become.
  /// - Returns: Each text once; those that all have alike are left out.
  package static func among(
    before: Customer?,
    theirs: Customer,
    mine: Customer
  ) -> [ContestedField] {
    let all = [before ?? Customer(), theirs, mine].map(\.texts)
    let byIdentity = all.map(\.byIdentity)
    var seen: Set<CustomerText.Identity> = []
    return (all[1] + all[2] + all[0]).compactMap { text in
      guard seen.insert(text.identity).inserted else { return nil }
      let values = byIdentity.map { $0[text.identity] }
      let isContested = before == nil ? values[1] != values[2] : Set(values).count > 1
      guard isContested else { return nil }
      return ContestedField(
        path: text.path,
        before: values[0],
        theirs: values[1],
        mine: values[2]
      )
    }
  }
}

/// One text that a customer has.
private struct CustomerText {
  /// What stays the same when lists are put in another order.
  struct Identity: Hashable {
    /// The path, without its place where the element has a key.
    var path: FieldPath

    /// The key of its element.
    var key: String
  }

  var identity: Identity
  var path: FieldPath
  var text: String

  /// Takes a text from a customer; `nil` if it isn't there.
  init?(_ path: FieldPath, in customer: Customer, key: String = "") {
    guard let text = path.text(in: customer) else { return nil }
    identity = Identity(path: key.isEmpty ? path : path.moved(to: 0), key: key)
    self.path = path
    self.text = text
  }
}

extension [CustomerText] {
  fileprivate var byIdentity: [CustomerText.Identity: String] {
    Dictionary(map { ($0.identity, $0.text) }) { $1 }
  }
}
