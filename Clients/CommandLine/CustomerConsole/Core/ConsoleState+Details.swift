import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

// The Customer Details screen: its keys, and saving.

extension ConsoleState {
  /// Shows a customer, and looks whether it is still the latest.
  mutating func open(_ customer: Customer) {
    showDetails(of: customer)
    notice = nil
    call(.get(customer.customerID), .open)
  }

  private mutating func showDetails(of customer: Customer) {
    var opened = CustomerDetails(customer)
    opened.isUnanswered = isUnanswered(customer.customerID)
    details = opened
  }

  mutating func closeDetails() {
    details = nil
    cancel(.open)
    cancel(.history)
    cancel(.culprit)
  }

  mutating func takeOpened(_ result: Result<ConsoleAnswer, CustomerError>) {
    switch result {
    case .success(.customer(let customer)):
      connected()
      takeNewer(customer)
      guard let open = details else {
        showDetails(of: customer)
        return
      }
      guard open.base.version < customer.version else { return }
      takeNewerIntoDetails(customer, by: "another program")
    case .failure(.notFound(let message, _)):
      if details == nil { tell(message, .warning) } else { details?.deletedBy = "another program" }
    case .failure(.unavailable(let message, _)): lose(message)
    case .failure(let error): tell("Details", error)
    default: break
    }
  }

  mutating func pressInDetails(_ key: Key) {
    guard let details else { return }
    if details.conflict != nil {
      pressInConflict(key)
    } else if key == .control("s") {
      save(closing: false)
    } else if key.code == .escape {
      askClose()
    } else if details.tab == .history {
      pressInHistory(key)
    } else {
      pressInForm(key, of: details)
    }
    revealFocus()
  }

  private mutating func pressInForm(_ key: Key, of details: CustomerDetails) {
    switch (key.code, key.modifiers) {
    case (.tab, .shift), (.up, _): self.details?.move(-1)
    case (.tab, _), (.down, _): self.details?.move(1)
    case (.pageDown, _): for _ in 0..<formRows { stepDown() }
    case (.pageUp, _): for _ in 0..<formRows { stepUp() }
    default:
      if case .field = details.focus { return pressInField(key) }
      press(key, on: details.focus)
    }
  }

  private mutating func pressInField(_ key: Key) {
    if key.code == .enter {
      details?.move(1)
    } else if details?.isSaving == false {
      details?.edit { _ = $0.handle(key) }
    }
  }

  private mutating func stepDown() {
    if details?.focus != .close { details?.move(1) }
  }

  private mutating func stepUp() {
    if details?.focus != .tabs { details?.move(-1) }
  }

  /// Does what a key means on something that isn't typed into.
  private mutating func press(_ key: Key, on item: CustomerDetails.Item) {
    switch (item, key.code) {
    case (.tabs, .left), (.tabs, .right), (.tabs, .enter): showHistory()
    case (.phoneType(let index), .left): cycleType(ofPhone: index, 2)
    case (.phoneType(let index), .right), (.phoneType(let index), .character(" ")),
      (.phoneType(let index), .enter):
      cycleType(ofPhone: index, 1)
    case (.save, .left), (.delete, .left): details?.move(-1)
    case (.save, .right), (.delete, .right): details?.move(1)
    case (.close, .left): details?.setFocus(.delete)
    case (_, .enter), (_, .character(" ")): activate(item)
    case (.removePhone, .delete), (.removeAddress, .delete), (.removeAttribute, .delete),
      (.removePhone, .backspace), (.removeAddress, .backspace), (.removeAttribute, .backspace):
      activate(item)
    case (_, .character("d")): activate(.delete)
    case (_, .character("h")): showHistory()
    default: _ = pressInPanel(key)
    }
  }

  /// Does what a key means on a panel where no text is typed.
  mutating func pressInPanel(_ key: Key) -> Bool {
    switch key {
    case .letter("?"), .letter("u"), .letter("q"): pressAnywhere(key)
    default: false
    }
  }

  private mutating func activate(_ item: CustomerDetails.Item) {
    guard let open = details, !open.isSaving else { return }
    switch item {
    case .tabs, .field, .phoneType: break
    case .addPhone:
      details?.draft.addPhone()
      details?.setFocus(.phoneType(open.draft.phones.count))
    case .addAddress:
      details?.draft.addAddress()
      details?.setFocus(.field(.text(.address(open.draft.addresses.count, .address1))))
    case .addAttribute:
      details?.draft.addAttribute()
      details?.setFocus(.field(.attributeName(open.draft.attributes.count)))
    case .removePhone(let index): remove { $0.removePhone(index) }
    case .removeAddress(let index): remove { $0.removeAddress(index) }
    case .removeAttribute(let index): remove { $0.removeAttribute(index) }
    case .save: save(closing: false)
    case .delete: question = .delete(open.base)
    case .close: askClose()
    }
  }

  /// Takes an element out; the focus stays where it was in the form.
  private mutating func remove(_ change: (inout CustomerDraft) -> Void) {
    guard let open = details else { return }
    let place = open.items.firstIndex(of: open.focus) ?? 0
    details?.errors = [:]
    if var draft = details?.draft {
      change(&draft)
      details?.draft = draft
    }
    guard let items = details?.items, !items.contains(open.focus) else { return }
    details?.setFocus(items[min(place, items.count - 1)])
  }

  private mutating func cycleType(ofPhone index: Int, _ distance: Int) {
    guard let open = details, !open.isSaving else { return }
    let kinds = PhoneNumber.Kind.named.map(\.kind)
    let place = kinds.firstIndex(of: open.draft.phones[index].type) ?? 0
    details?.draft.setType(kinds[(place + distance) % kinds.count], ofPhone: index)
  }

  mutating func pasteInDetails(_ text: String) {
    guard let open = details, open.tab == .details, open.conflict == nil, !open.isSaving else {
      return
    }
    details?.edit { $0.insert(text) }
    revealFocus()
  }

  private mutating func askClose() {
    guard let open = details else { return }
    guard !open.isSaving else {
      tell("The daemon has the change already: wait for its answer")
      return
    }
    if open.isChanged {
      question = .close(open.changes.labels)
    } else {
      closeDetails()
    }
  }

  // MARK: Saving

  /// Writes what was changed, if nobody else changed the same.
  mutating func save(closing: Bool) {
    guard let open = details, !open.isSaving, mayWrite(open.base.customerID) else { return }
    guard open.isChanged else {
      if open.deletedBy == nil { tell("Nothing was changed") } else { question = .createAgain }
      return
    }
    let problems = CustomerRules.problems(open.draft.customer, for: .update, context)
    details?.take(problems: problems)
    guard problems.isEmpty, open.draft.attributeProblems.isEmpty else {
      revealFocus()
      return
    }
    details?.isSaving = true
    details?.closesWhenSaved = closing
    let mine = open.draft.customer
    send(
      UnansweredWrite(kind: .save, sent: mine, base: open.base),
      .edit(mine, from: open.base),
      .save(mine.customerID)
    )
  }

  /// Makes a past version the latest.
  mutating func restore(_ past: Customer) {
    guard let open = details, !open.isSaving, mayWrite(open.base.customerID) else { return }
    var past = past
    details?.restoring = past.version
    details?.isSaving = true
    let kind = UnansweredWrite.Kind.restoration(of: past.version)
    past.version = open.base.version
    let write = UnansweredWrite(kind: kind, sent: past)
    send(write, .replace(past), .save(past.customerID))
  }

  /// Writes a customer that was deleted meanwhile, as it stands here.
  mutating func createAgain() {
    guard let open = details, !open.isSaving, mayWrite(open.base.customerID) else { return }
    details?.isSaving = true
    let mine = open.draft.customer
    let write = UnansweredWrite(kind: .save, sent: mine)
    send(write, .replace(mine), .save(mine.customerID))
  }

  mutating func takeSaved(_ id: String, _ result: Result<ConsoleAnswer, CustomerError>) {
    guard let open = details, open.base.customerID == id else { return }
    details?.isSaving = false
    switch result {
    case .success(.customer(let customer)):
      connected()
      tellSaved(customer, open)
      takeNewer(customer)
      list.marks[id] = nil
      details?.written(customer)
      if open.tab == .history { loadHistory() }
      if open.closesWhenSaved { closeDetails() }
    case .failure(.editConflict(_, let edit)): ranInto(edit, open)
    case .failure(.conflict(_, let current)): goOn(from: current, open)
    case .failure(.notFound): question = .createAgain
    case .failure(.invalid(let message, let violations)):
      let problems = violations.map { ($0.field, $0.description) }
      details?.take(problems: Dictionary(problems) { "\($0); \($1)" })
      if problems.isEmpty { details?.errors["customer"] = message }
    case .failure(.alreadyExists(let message, _)):
      details?.take(problems: ["emailAddress": message])
    case .failure(.unavailable(let message, _)):
      lose(message)
      tell("Not saved: no daemon answers. Save again when it is back", .bad)
    case .failure(let error): tell("Not saved", error)
    default: break
    }
    if details?.isSaving == false { details?.restoring = nil }
    revealFocus()
  }

  private mutating func tellSaved(_ customer: Customer, _ open: CustomerDetails) {
    if let version = open.restoring {
      tell("Version \(version) is the latest again, as version \(customer.version)", .good)
    } else if customer.version > open.base.version + 1 {
      tell("Saved as version \(customer.version), beside what another program changed", .good)
    } else if customer.version == open.base.version {
      tell("Nothing was different: it stays version \(customer.version)")
    } else {
      tell("Saved as version \(customer.version)", .good)
    }
  }

  /// Somebody else changed the same: which is to stay is for the user.
  private mutating func ranInto(_ edit: EditConflict, _ open: CustomerDetails) {
    let merge = CustomerMerge(base: open.base, mine: open.draft.customer, theirs: edit.theirs)
    let parts = merge.conflicts
    // The screen asks about one part at least.
    guard !parts.isEmpty else { return goOn(from: edit.theirs, open) }
    takeNewer(edit.theirs)
    details?.conflict = SaveConflict(
      theirs: edit.theirs,
      parts: parts,
      keepsMine: Array(repeating: true, count: parts.count)
    )
    call(.history(open.base.customerID), .culprit)
  }

  /// Somebody else wrote, and what is here doesn't go together with that by itself.
  private mutating func goOn(from current: Customer?, _ open: CustomerDetails) {
    if let current {
      takeNewer(current)
      details?.rebase(on: current)
    }
    let next = open.restoring == nil ? "save again" : "look again, then restore"
    tell("Somebody else wrote meanwhile: \(next)", .warning)
    if open.tab == .history { loadHistory() }
  }
}
