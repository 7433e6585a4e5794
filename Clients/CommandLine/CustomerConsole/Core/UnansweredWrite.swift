import CustomerClient
import CustomerModel

/// A write that is on its way, or to which no answer came: perhaps it was carried out.
///
/// Its id was made before it was sent, and it rests on a version: the customer's history therefore
/// tells what became of it.
struct UnansweredWrite: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case creation
    case save

    /// Of a past version, which is the latest then.
    case restoration(of: UInt64)
    case deletion
    case undo
  }

  /// How long it is looked for when the daemon answers again, in seconds.
  ///
  /// A daemon that has read the call only now takes ten at most, which is the time the client gives.
  static let lookSecondsMax = 12

  /// The most that are looked for; beyond, the oldest are given up.
  static let countMax = 50

  var kind: Kind

  /// The customer as it was sent, with the version that the write rests on.
  var sent: Customer

  /// The customer as it was before; nil for what isn't a save.
  var base: Customer?

  /// How long it was looked for, in seconds.
  var lookSeconds = 0

  /// What became of it.
  enum Fate: Equatable {
    /// It was carried out, by this change.
    case done(Change)

    /// Somebody else wrote first, so that it never can be.
    case overtaken(by: Change)

    /// It isn't carried out yet.
    case open
  }

  /// Reads what became of it from changes of its customer, oldest first.
  func fate(in changes: [Change], processID: Int32) -> Fate {
    let base = kind == .creation ? 0 : sent.version
    let later = changes.filter { $0.kind != .none && $0.versionMade > base }
    let own = later.first { change in
      change.isDeletion == (kind == .deletion) && isOwn(change, processID: processID)
    }
    if let own { return .done(own) }
    // A deletion comes between what was deleted and what brings it back.
    let others = kind == .undo ? later.filter { !$0.isDeletion } : later
    return others.first { !goesTogether(with: $0) }.map { .overtaken(by: $0) } ?? .open
  }

  /// Whether it can still be carried out on top of what somebody else wrote.
  private func goesTogether(with change: Change) -> Bool {
    guard let base, let theirs = change.customer, !change.isDeletion else { return false }
    return CustomerMerge(base: base, mine: sent, theirs: theirs).overlap.isEmpty
  }

  /// Whether a change is this one, by who made it or by what it made of which version.
  private func isOwn(_ change: Change, processID: Int32) -> Bool {
    if change.author?.processID == processID || kind == .creation { return true }
    // Where processes are counted apart, as in containers, the daemon knows this one by another number.
    guard let customer = change.customer, let base else { return false }
    return Set(sent.parts(changedFrom: base)).isDisjoint(with: customer.parts(changedFrom: sent))
  }
}

// The words for it, without a full stop; the same on the full screen and in lines.
extension UnansweredWrite {
  private var name: String { sent.shownName }

  /// While nobody knows.
  var unansweredText: String {
    let what =
      switch kind {
      case .creation: "perhaps created"
      case .save: "perhaps saved"
      case .restoration(let version): "version \(version) is perhaps the latest"
      case .deletion: "\(name) is perhaps deleted"
      case .undo: "\(name) is perhaps back"
      }
    return "No answer: \(what)"
  }

  /// When it was carried out by a change that made a version.
  func doneText(version: UInt64) -> String {
    switch kind {
    case .creation: "\(name) is created"
    case .save: "Saved as version \(version) after all"
    case .restoration(let past): "Version \(past) is the latest again, as version \(version)"
    case .deletion: "\(name) is deleted; u undoes it"
    case .undo: "\(name) is back"
    }
  }

  /// When somebody else wrote first.
  func overtakenText(by who: String) -> String {
    switch kind {
    case .creation: "\(name) isn't created"
    case .save: "Not saved: \(who) changed the customer first"
    case .restoration(let past): "Version \(past) isn't restored: \(who) changed the customer first"
    case .deletion: "\(name) isn't deleted: \(who) changed the customer first"
    case .undo: "\(name) is there again already"
    }
  }

  /// When it was not carried out, and can't be any more.
  var givenUpText: String {
    switch kind {
    case .creation: "\(name) isn't created: Submit again"
    case .save: "Not saved: the daemon didn't carry it out. Save again"
    case .restoration(let past): "Version \(past) isn't restored: the daemon didn't carry it out"
    case .deletion: "\(name) isn't deleted: the daemon didn't carry it out"
    case .undo: "\(name) isn't back: u tries again"
    }
  }
}

extension Change {
  /// Whether the customer is gone with it.
  var isDeletion: Bool { kind == .deleted || kind == .erased }

  /// The version that it made: a deletion counts as well, and carries the record before it.
  var versionMade: UInt64 { (customer?.version ?? 0) + (kind == .deleted ? 1 : 0) }
}

extension ConsoleState {
  /// Whether a customer has a write to which no answer came.
  func isUnanswered(_ id: String) -> Bool { unanswered.contains { $0.sent.customerID == id } }

  /// Says whether a customer may be written now; tells why not.
  ///
  /// What a write that has no answer made of it is found out first: else the console would run into
  /// its own change.
  mutating func mayWrite(_ id: String) -> Bool {
    guard isUnanswered(id) else { return true }
    tell("The last change has no answer yet: it is looked up first", .warning)
    return false
  }

  /// Keeps a write to which no answer came, to look what became of it when the daemon answers.
  mutating func keep(_ write: UnansweredWrite, _ error: CustomerError) {
    if case .unavailable(let message, _) = error { lose(message) }
    unanswered.append(write)
    if unanswered.count > UnansweredWrite.countMax { unanswered.removeFirst() }
    let id = write.sent.customerID
    if details?.base.customerID == id {
      details?.isSaving = false
      details?.restoring = nil
      details?.isUnanswered = true
    }
    if addNew?.id == id {
      addNew?.isSubmitting = false
      addNew?.isUnanswered = true
    }
    tell("\(write.unansweredText). Looked up as soon as it answers", .warning)
  }

  /// Asks what became of the writes to which no answer came; about once a second.
  mutating func lookForUnanswered() {
    guard link.state == .connected else { return }
    for (index, write) in unanswered.enumerated().reversed() {
      let id = write.sent.customerID
      if isCalling(.look(id)) { continue }
      unanswered[index].lookSeconds += 1
      if write.lookSeconds < UnansweredWrite.lookSecondsMax {
        call(.history(id), .look(id))
      } else {
        giveUp(unanswered.remove(at: index))
      }
    }
  }

  mutating func takeLook(_ id: String, _ result: Result<ConsoleAnswer, CustomerError>) {
    switch result {
    case .success(.changes(let changes)):
      connected()
      settle(id, changes)
    case .failure(.unavailable(let message, _)): lose(message)
    case .failure(.unimplemented):
      unanswered.removeAll { $0.sent.customerID == id }
      settled(id)
      tell("This daemon tells no history: look whether it was carried out", .warning)
    // Not there yet, or no answer again: the next look may find it.
    default: break
    }
  }

  /// Takes in what became of a customer's write, as far as its changes tell.
  private mutating func settle(_ id: String, _ changes: [Change]) {
    guard let index = unanswered.firstIndex(where: { $0.sent.customerID == id }) else { return }
    let write = unanswered[index]
    switch write.fate(in: changes, processID: context.processID) {
    case .open: return
    case .done(let change):
      unanswered.remove(at: index)
      settled(id)
      tellDone(write, change)
    case .overtaken(let change):
      unanswered.remove(at: index)
      settled(id)
      tell(write.overtakenText(by: context.name(of: change.author)), .warning)
    }
    // What came behind it is somebody else's.
    if let last = changes.last, let customer = last.customer, let open = details,
      open.base.customerID == id, !last.isDeletion, customer.version > open.base.version
    {
      takeNewer(customer)
      takeNewerIntoDetails(customer, by: context.name(of: last.author))
    }
  }

  /// Takes in that a change which the watch tells is a write to which no answer came.
  ///
  /// - Returns: Whether it is one.
  mutating func settle(ifDoneBy change: Change) -> Bool {
    guard let id = change.customer?.customerID,
      let write = unanswered.first(where: { $0.sent.customerID == id }),
      case .done = write.fate(in: [change], processID: context.processID)
    else { return false }
    settle(id, [change])
    return true
  }

  private mutating func settled(_ id: String) {
    cancel(.look(id))
    if details?.base.customerID == id { details?.isUnanswered = false }
    if addNew?.id == id { addNew?.isUnanswered = false }
  }

  private mutating func tellDone(_ write: UnansweredWrite, _ change: Change) {
    let id = write.sent.customerID
    let customer = change.customer ?? write.sent
    switch write.kind {
    case .creation: if addNew?.id == id { show(created: customer) }
    case .save, .restoration:
      takeNewer(customer)
      list.marks[id] = nil
      takeSettledIntoDetails(customer)
    case .deletion: showDeleted(id)
    case .undo: showBack(customer)
    }
    tell(write.doneText(version: change.versionMade), .good)
  }

  /// Goes on from what was written here; what was typed since stays on top of it.
  private mutating func takeSettledIntoDetails(_ customer: Customer) {
    guard let open = details, open.base.customerID == customer.customerID else { return }
    details?.deletedBy = nil
    details?.rebase(on: customer)
    if open.tab == .history { loadHistory() }
    if open.closesWhenSaved, details?.isChanged == false { closeDetails() }
  }

  /// Tells that a write was not carried out, and can't be any more.
  private mutating func giveUp(_ write: UnansweredWrite) {
    settled(write.sent.customerID)
    if addNew?.id == write.sent.customerID {
      addNew?.errors["customer"] = "not created: Submit again"
    }
    tell(write.givenUpText, .bad)
  }
}
