extension Customer {
  /// Returns the customer with the keys that `given` left empty empty again.
  ///
  /// An import learns only later which customer a row is, and with it which keys are meant; this
  /// undoes what ``validated(for:makeKey:)`` filled in. `given` is what was validated.
  package func withoutKeysMissing(in given: Customer) -> Customer {
    var customer = self
    customer.phones.removeKeys(missingIn: given.phones)
    customer.addresses.removeKeys(missingIn: given.addresses)
    return customer
  }

  /// Returns the customer with a key for each phone and address that has none.
  ///
  /// Of a phone that `current` has too, all but the key being equal, the key is taken over, and so
  /// with addresses: a list that is imported twice changes nothing. Others get a new key.
  package func withKeys(of current: Customer?, makeKey: () -> UniqueID) -> Customer {
    var customer = self
    customer.phones.fillKeys(from: current?.phones ?? [], makeKey)
    customer.addresses.fillKeys(from: current?.addresses ?? [], makeKey)
    return customer
  }
}

extension Array where Element: CustomerElement {
  fileprivate mutating func removeKeys(missingIn given: [Element]) {
    for (place, element) in given.enumerated() where element.key.isEmpty { self[place].key = "" }
  }

  fileprivate mutating func fillKeys(from known: [Element], _ makeKey: () -> UniqueID) {
    var known = known
    for place in indices where self[place].key.isEmpty {
      let same = known.firstIndex { element in
        var element = element
        element.key = ""
        return element == self[place]
      }
      self[place].key = same.map { known.remove(at: $0).key } ?? "\(makeKey())"
    }
  }
}
