extension Customer {
  /// Returns the customer with the keys that `given` left empty empty again.
  ///
  /// An import learns only later which customer a row is, and with it which keys are meant; this
  /// undoes what ``validated(for:makeKey:)`` filled in. `given` is what was validated.
  package func withoutKeysMissing(in given: Customer) -> Customer {
    var customer = self
    for (index, phone) in given.phones.enumerated() where phone.key.isEmpty {
      customer.phones[index].key = ""
    }
    for (index, address) in given.addresses.enumerated() where address.key.isEmpty {
      customer.addresses[index].key = ""
    }
    return customer
  }

  /// Returns the customer with a key for each phone and address that has none.
  ///
  /// Of a phone that `current` has too, all but the key being equal, the key is taken over, and so
  /// with addresses: a list that is imported twice changes nothing. Others get a new key.
  package func withKeys(of current: Customer?, makeKey: () -> UniqueID) -> Customer {
    var customer = self
    var phones = current?.phones ?? []
    for index in customer.phones.indices where customer.phones[index].key.isEmpty {
      let phone = customer.phones[index]
      let place = phones.firstIndex { known in
        var known = known
        known.key = ""
        return known == phone
      }
      customer.phones[index].key = place.map { phones.remove(at: $0).key } ?? "\(makeKey())"
    }
    var addresses = current?.addresses ?? []
    for index in customer.addresses.indices where customer.addresses[index].key.isEmpty {
      let address = customer.addresses[index]
      let place = addresses.firstIndex { known in
        var known = known
        known.key = ""
        return known == address
      }
      customer.addresses[index].key = place.map { addresses.remove(at: $0).key } ?? "\(makeKey())"
    }
    return customer
  }
}
