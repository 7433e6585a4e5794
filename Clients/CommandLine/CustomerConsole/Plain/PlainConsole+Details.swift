import CustomerClient
import CustomerFormats
import CustomerModel

// One customer in lines: every field, its changes, its history.

extension PlainConsole {
  /// Shows a customer and changes it as it is told.
  func open(_ id: String) async throws {
    var base = try await client.get(id)
    var edited = base
    try show(edited)
    while let answer = try ask(detailsQuestion(isChanged: edited != base)) {
      if hasUnanswered, answer != "x" {
        try await trying {
          try await settle()
          let newest = try await client.get(id)
          edited = CustomerMerge(base: base, mine: edited, theirs: newest).merged
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

  /// Writes what was changed; where somebody else changed the same, asks part by part.
  private func save(_ edited: Customer, base: Customer) async throws -> Customer {
    var base = base
    var edited = edited
    while true {
      if edited.parts(changedFrom: base).isEmpty { return base }
      edited.customerID = base.customerID
      edited.version = base.version
      let (sent, read) = (edited, base)
      do {
        let write = UnansweredWrite(kind: .save, sent: sent, base: read)
        return try await send(write) { () async throws(CustomerError) in
          try await client.update(sent, from: read)
        }
      } catch let error as CustomerError {
        guard case .editConflict(_, let edit) = error else { throw error }
        let merge = CustomerMerge(base: base, mine: edited, theirs: edit.theirs)
        let theirs = try merge.conflicts.filter { try !keepsMine($0, merge) }
        base = edit.theirs
        edited = merge.merged { !theirs.contains($0) }
      }
    }
  }

  private func keepsMine(_ part: CustomerPart, _ merge: CustomerMerge) throws -> Bool {
    try say("\(part.label) was changed by two.")
    for (word, customer) in [
      ("Yours", merge.mine), ("Theirs", merge.theirs), ("Before", merge.base),
    ] {
      try say("\(word): \(part.text(in: customer) ?? "")")
    }
    return try ask("y keeps yours, t takes theirs") != "t"
  }

  private func showHistory(_ id: String) async throws {
    var history = CustomerHistory()
    history.take(try await self.history(id))
    try say("HISTORY, the latest first; r and a version restores it.")
    for entry in history.entries {
      let who = context.detail(of: entry.author)
      let time = clock.second(entry.time)
      try say("Version \(entry.version), \(time), \(who): \(entry.summary)")
      for difference in entry.differences where entry.kind == .updated {
        let old = difference.old ?? ""
        try say("  \(difference.part.label): \(old) → \(difference.new ?? "")")
      }
    }
  }

  private func restore(
    _ id: String,
    _ version: UInt64,
    over base: Customer
  ) async throws -> Customer {
    var past = try await client.get(id, version: version)
    past.version = base.version
    let sent = past
    let write = UnansweredWrite(kind: .restoration(of: version), sent: sent)
    let restored = try await send(write) { () async throws(CustomerError) in
      try await client.update(sent, mask: FieldMask(paths: ["*"]), allowMissing: true)
    }
    try say("Version \(version) is the latest again, as version \(restored.version).")
    return restored
  }
}
