extension CustomerClient {
  /// How often an edit is tried again when others write in between.
  private static let editCountMax = 10

  /// Reads a customer, edits it and writes what changed.
  ///
  /// When somebody else has written in between, and changed none of the same fields, the edit is
  /// made on top of that. Attributes count one by one, lists as a whole.
  ///
  /// - Parameters:
  ///   - id: The customer's id.
  ///   - timeout: How long to wait for each call; `nil` = ``Options/timeout``.
  ///   - edit: Changes the customer; may be called again with a newer one.
  /// - Returns: The customer as it was stored, or as it was read if the edit changed nothing.
  /// - Throws: ``CustomerError/editConflict(message:edit:)`` if somebody else changed the same fields to
  ///   something else, and what ``get(_:version:timeout:)`` and
  ///   ``update(_:mask:allowMissing:timeout:)`` throw.
  @discardableResult
  public func update(
    _ id: String,
    timeout: Duration? = nil,
    _ edit: (inout Customer) -> Void
  ) async throws(CustomerError) -> Customer {
    var base = try await get(id, timeout: timeout)
    var attemptCount = 0
    while true {
      var edited = base
      edit(&edited)
      edited.customerID = base.customerID
      edited.version = base.version
      let paths = edited.paths(changedFrom: base)
      if paths.isEmpty { return base }
      do {
        let mask = FieldMask(paths: paths)
        return try await update(edited, mask: mask, timeout: timeout)
      } catch {
        attemptCount += 1
        guard case .conflict(_, let current?) = error, attemptCount < Self.editCountMax
        else { throw error }
        if let conflict = EditConflict(mine: edited, theirs: current, base: base) {
          throw .editConflict(message: conflict.message, edit: conflict)
        }
        base = current
      }
    }
  }
}

extension EditConflict {
  /// Compares two changes of one state; `nil` if they go together.
  package init?(mine: Customer, theirs: Customer, base: Customer) {
    let theirPaths = Set(theirs.paths(changedFrom: base))
    let different = Set(mine.paths(changedFrom: theirs))
    paths = mine.paths(changedFrom: base).filter {
      theirPaths.contains($0) && different.contains($0)
    }
    if paths.isEmpty { return nil }
    self.mine = mine
    self.theirs = theirs
    self.base = base
  }

  fileprivate var message: String {
    "customer \(base.customerID) was changed meanwhile, in the same fields: "
      + paths.joined(separator: ", ")
  }
}

extension Customer {
  /// The paths of the fields that differ, as update masks name them.
  package func paths(changedFrom base: Customer) -> [String] {
    var paths: [String] = []
    if firstName != base.firstName { paths.append("first_name") }
    if lastName != base.lastName { paths.append("last_name") }
    if displayName != base.displayName { paths.append("display_name") }
    if emailAddress != base.emailAddress { paths.append("email_address") }
    if phones != base.phones { paths.append("phones") }
    if addresses != base.addresses { paths.append("addresses") }
    let names = Set(attributes.map(\.key)).union(base.attributes.map(\.key))
    for name in names.sorted() where attributes[name] != base.attributes[name] {
      paths.append("attributes.\(name)")
    }
    return paths
  }
}
