/// What two writers made of one state of a customer, and what of it goes together.
package struct CustomerMerge: Hashable, Sendable {
  /// The customer before both.
  package var base: Customer

  /// The customer as it is to become.
  package var mine: Customer

  /// The customer as somebody else has made it meanwhile.
  package var theirs: Customer

  /// Compares two changes of one state.
  package init(base: Customer, mine: Customer, theirs: Customer) {
    self.base = base
    self.mine = mine
    self.theirs = theirs
  }

  /// The parts that both changed.
  package var overlap: [CustomerPart] {
    let theirParts = Set(theirs.parts(changedFrom: base))
    return mine.parts(changedFrom: base).filter(theirParts.contains)
  }

  /// The parts that both changed, each to something else.
  package var conflicts: [CustomerPart] {
    overlap.filter(Set(mine.parts(changedFrom: theirs)).contains)
  }

  /// Their record with my changes on it.
  ///
  /// What only the server sets is theirs.
  package var merged: Customer { merged { _ in true } }

  /// Their record with those of my changes on it that are to be kept.
  package func merged(keeping isKept: (CustomerPart) -> Bool) -> Customer {
    var merged = theirs
    merged.take(mine.parts(changedFrom: base).filter(isKept), from: mine)
    return merged
  }

  /// ``merged`` in normal form, if both records are: what keeps the rules on either side may break
  /// them together.
  ///
  /// - Throws: Everything that is wrong.
  package func normalForm() throws(InvalidCustomer) -> Customer {
    // Every phone and address of a normal form has its key: none is made.
    try merged.validated(for: .update) {
      UUIDv7Generator.id(milliseconds: 0, randomHigh: 0, randomLow: 0)
    }
  }
}
