extension CustomerClient {
  /// Reads a customer, edits it and writes what changed.
  ///
  /// What others change meanwhile stays: texts, attributes, and phones and addresses by their keys
  /// count one by one, and only what both changed is in the way. The daemon puts the two together, so
  /// that however many edit one customer at once, none waits for another.
  ///
  /// - Parameters:
  ///   - id: The customer's id.
  ///   - timeout: How long to wait for each call; `nil` = ``Options/timeout``.
  ///   - edit: Changes the customer; may be called again with a newer one.
  /// - Returns: The customer as it was stored, or as it was read if the edit changed nothing.
  /// - Throws: ``CustomerError/editConflict(message:edit:)`` if somebody else changed the same to
  ///   something else, and what ``get(_:version:timeout:)`` and
  ///   ``update(_:mask:allowMissing:allowMerge:timeout:)`` throw.
  @discardableResult
  public func update(
    _ id: String,
    timeout: Duration? = nil,
    _ edit: (inout Customer) -> Void
  ) async throws(CustomerError) -> Customer {
    try await update(from: try await get(id, timeout: timeout), timeout: timeout) { current in
      var edited = current
      edit(&edited)
      return edited
    }
  }

  /// Writes what was changed of a customer since it was read.
  ///
  /// What others changed meanwhile stays, as with ``update(_:timeout:_:)``.
  ///
  /// - Parameters:
  ///   - edited: The customer as it is to become.
  ///   - base: The customer as it was read.
  ///   - timeout: How long to wait for each call; `nil` = ``Options/timeout``.
  /// - Returns: The customer as it was stored, or `base` if nothing is different.
  /// - Throws: As ``update(_:timeout:_:)``.
  @discardableResult
  public func update(
    _ edited: Customer,
    from base: Customer,
    timeout: Duration? = nil
  ) async throws(CustomerError) -> Customer {
    try await update(from: base, timeout: timeout) { current in
      CustomerMerge(base: base, mine: edited, theirs: current).merged
    }
  }

  /// Writes what `edit` makes of a customer, and of what others have made of it meanwhile.
  private func update(
    from base: Customer,
    timeout: Duration?,
    _ edit: (Customer) -> Customer
  ) async throws(CustomerError) -> Customer {
    let end = ContinuousClock.now + (timeout ?? options.timeout)
    var base = base
    var pauseLimit = Self.pauseMin
    while true {
      var edited = edit(base)
      edited.customerID = base.customerID
      edited.version = base.version
      let parts = edited.parts(changedFrom: base)
      if parts.isEmpty { return base }
      do {
        let mask = FieldMask(paths: parts.maskPaths)
        return try await update(edited, mask: mask, allowMerge: true, timeout: timeout)
      } catch {
        guard case .conflict(_, let current?) = error else { throw error }
        if let conflict = EditConflict(mine: edited, theirs: current, base: base) {
          throw .editConflict(message: conflict.message, edit: conflict)
        }
        // Both made the same of it, or what it was before is no longer kept.
        let pause = pauseLimit * Double.random(in: 0...1)
        guard ContinuousClock.now + pause < end else { throw error }
        do { try await Task.sleep(for: pause) } catch { throw .cancelled(outcome: .undone) }
        pauseLimit = min(pauseLimit * 2, Self.pauseMax)
        base = current
      }
    }
  }

  /// How long an edit waits at most before it is made again, the first time and later.
  private static let pauseMin = Duration.milliseconds(1)
  private static let pauseMax = Duration.milliseconds(100)
}
