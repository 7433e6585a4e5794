import CustomerClient
import CustomerModel

// One customer in lines: every field, its changes, its history.

extension PlainConsole {
  /// Shows a customer and changes it as it is told.
  func open(_ id: String) async throws {
    var base = try await calls.get(id, version: 0)
    var edited = base
    try show(edited)
    while let answer = try ask(detailsQuestion(isChanged: edited != base)) {
      if hasUnanswered, answer != "x" {
        try await trying {
          try await settle()
          let newest = try await calls.get(id, version: 0)
          edited = CustomerMerge.merged(base: base, mine: edited, theirs: newest)
          base = newest
        }
        if hasUnanswered || answer == "s" { continue }
      }
      switch answer {
      case "c" where edited == base, "x": return
      case "c": try say("Something was changed: s Save, x close without saving.")
      case "s":
        guard edited != base else {
          try say("Nothing was changed.")
          continue
        }
        try await trying {
          base = try await save(edited, base: base)
          edited = base
          try say("Saved as version \(base.version).")
        }
      case "d": if try await delete(base) { return }
      case "h": try await trying { try await showHistory(id) }
      case "": try show(edited)
      default:
        try await trying {
          if answer.hasPrefix("r"), let version = UInt64(trimmed(answer.dropFirst())) {
            base = try await restore(id, version, over: base)
            edited = base
          } else {
            try Assignment(answer).apply(to: &edited)
          }
        }
      }
    }
  }

  private func detailsQuestion(isChanged: Bool) -> String {
    let save = isChanged ? "s Save, x close without saving" : "c Close"
    return "FIELD=VALUE changes, \(save), d Delete, h HISTORY"
  }

  private func show(_ customer: Customer) throws {
    try say("Customer Details.")
    var columns = CustomerColumns()
    columns.include(customer)
    for field in columns.fields {
      guard let text = field.text(in: customer) else { continue }
      try say("\(field.text): \(text)")
    }
  }

  /// Writes what was changed; where somebody else changed the same, asks field by field.
  private func save(_ edited: Customer, base: Customer) async throws -> Customer {
    var base = base
    var edited = edited
    for _ in 0...ConsoleState.mergesMax {
      let fields = CustomerMerge.differences(base, edited)
      if fields.isEmpty { return base }
      edited.customerID = base.customerID
      edited.version = base.version
      let sent = edited
      do {
        return try await send(UnansweredWrite(kind: .save, sent: sent, fields: fields)) {
          () async throws(CustomerError) in
          try await calls.update(sent, mask: CustomerMerge.mask(fields), allowMissing: false)
        }
      } catch let error as CustomerError {
        guard case .conflict(_, let theirs?) = error else { throw error }
        var merged = CustomerMerge.merged(base: base, mine: edited, theirs: theirs)
        for field in CustomerMerge.conflicts(base: base, mine: edited, theirs: theirs)
        where try !keepsMine(field, base: base, mine: edited, theirs: theirs) {
          field.copy(from: theirs, to: &merged)
        }
        base = theirs
        edited = merged
      }
    }
    throw CustomerError.conflict(message: "others go on changing this customer", current: base)
  }

  private func keepsMine(
    _ field: MergeField,
    base: Customer,
    mine: Customer,
    theirs: Customer
  ) throws -> Bool {
    try say("\(field.label) was changed by two.")
    for (word, customer) in [("Yours", mine), ("Theirs", theirs), ("Before", base)] {
      try say("\(word): \(field.text(in: customer) ?? "")")
    }
    return try ask("y keeps yours, t takes theirs") != "t"
  }

  private func showHistory(_ id: String) async throws {
    var history = CustomerHistory()
    history.take(try await self.history(id))
    try say("HISTORY, the latest first; r and a version restores it.")
    for entry in history.entries {
      let who = Actor(entry.actor).detail(processID: context.processID)
      let time = clock.second(entry.time)
      try say("Version \(entry.version), \(time), \(who): \(entry.summary)")
      for difference in entry.differences where entry.kind == .updated {
        let old = difference.old ?? ""
        try say("  \(difference.field.label): \(old) → \(difference.new ?? "")")
      }
    }
  }

  private func restore(
    _ id: String,
    _ version: UInt64,
    over base: Customer
  ) async throws -> Customer {
    var past = try await calls.get(id, version: version)
    past.version = base.version
    let sent = past
    let write = UnansweredWrite(kind: .restoration(of: version), sent: sent)
    let restored = try await send(write) { () async throws(CustomerError) in
      try await calls.update(sent, mask: ["*"], allowMissing: true)
    }
    try say("Version \(version) is the latest again, as version \(restored.version).")
    return restored
  }
}
