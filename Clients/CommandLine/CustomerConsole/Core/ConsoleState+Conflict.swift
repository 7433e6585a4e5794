import CustomerClient
import CustomerModel
import Terminal

// The conflict screen, and what others write while a customer is open.

extension ConsoleState {
  mutating func pressInConflict(_ key: Key) {
    guard var conflict = details?.conflict else { return }
    let count = conflict.parts.count
    switch key {
    case .control("s"), Key(.enter):
      settle(conflict)
      return
    case Key(.escape):
      details?.conflict = nil
      cancel(.culprit)
      tell("Not saved: what you changed still stands here", .warning)
      return
    case Key(.up), Key(.tab, .shift): conflict.focus = (conflict.focus + count - 1) % count
    case Key(.down), Key(.tab): conflict.focus = (conflict.focus + 1) % count
    case Key(.left), Key(.right), .letter(" "): conflict.keepsMine[conflict.focus].toggle()
    case .letter("m"), .letter("y"): conflict.keepsMine = conflict.keepsMine.map { _ in true }
    case .letter("t"): conflict.keepsMine = conflict.keepsMine.map { _ in false }
    default: return
    }
    details?.conflict = conflict
  }

  /// Goes on from their record, with what of mine is kept, and saves that.
  private mutating func settle(_ conflict: SaveConflict) {
    guard let open = details else { return }
    cancel(.culprit)
    let theirs = zip(conflict.parts, conflict.keepsMine).filter { !$0.1 }.map(\.0)
    let settled = CustomerMerge(
      base: open.base,
      mine: open.draft.customer,
      theirs: conflict.theirs
    ).merged { !theirs.contains($0) }
    details?.base = conflict.theirs
    details?.draft = CustomerDraft(settled)
    details?.conflict = nil
    details?.settleFocus()
    if details?.isChanged == true {
      save(closing: open.closesWhenSaved)
    } else {
      tell("Theirs is kept: nothing was left to save", .good)
    }
  }

  mutating func takeCulprit(_ result: Result<ConsoleAnswer, CustomerError>) {
    guard let theirs = details?.conflict?.theirs else { return }
    guard case .success(.changes(let changes)) = result,
      let change = changes.last(where: { $0.customer?.version == theirs.version })
    else { return }
    details?.conflict?.who = context.detail(of: change.author)
  }

  /// Shows what another program did to the customer that is open.
  mutating func takeIntoDetails(_ change: Change, _ customer: Customer) {
    guard let open = details else { return }
    let who = context.name(of: change.author)
    switch change.kind {
    case .deleted, .erased:
      details?.deletedBy = who
    case .created, .updated:
      details?.deletedBy = nil
      if customer.version > open.base.version { takeNewerIntoDetails(customer, by: who) }
    default: break
    }
    if open.tab == .history { loadHistory() }
  }

  /// Goes on from a newer record; where both changed the same, saving asks.
  mutating func takeNewerIntoDetails(_ customer: Customer, by who: String) {
    guard let open = details, !open.isSaving, open.conflict == nil else { return }
    let changed = customer.parts(changedFrom: open.base)
    let labels = changed.labels.joined(separator: ", ")
    let merge = CustomerMerge(base: open.base, mine: open.draft.customer, theirs: customer)
    details?.marks.formUnion(changed)
    guard merge.conflicts.isEmpty else {
      let labels = merge.conflicts.labels.joined(separator: ", ")
      tell("\(who) changed \(labels) too: saving will ask", .warning)
      return
    }
    details?.rebase(on: customer)
    if !labels.isEmpty { tell("\(who) changed \(labels)") }
  }
}
