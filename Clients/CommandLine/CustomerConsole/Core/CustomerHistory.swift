import CustomerClient
import CustomerModel
import Terminal
import WellKnownTypes

/// One version of a customer, and in what it differs from the one before.
struct HistoryEntry: Equatable, Sendable {
  /// A field that was changed.
  struct Difference: Equatable, Sendable {
    var part: CustomerPart

    /// In one line; nil where there was nothing.
    var old: String?
    var new: String?
  }

  var kind: Change.Kind

  /// The record after the change; of a deletion, the one before it.
  var customer: Customer
  var time: Timestamp?
  var author: Author?
  var differences: [Difference]

  /// The version that the change made: a deletion counts as well.
  var version: UInt64 { kind == .deleted ? customer.version + 1 : customer.version }

  /// What happened, in a word or the names of the fields.
  var summary: String {
    switch kind {
    case .created: "created"
    case .deleted: "deleted"
    case .erased: "erased"
    default:
      differences.isEmpty
        ? "changed" : differences.map(\.part).labels.joined(separator: ", ")
    }
  }
}

/// The HISTORY tab: all versions that are kept, newest first.
struct CustomerHistory: Equatable, Sendable {
  /// The most versions that are shown; of more, the newest.
  static let entriesMax = 1000

  var entries: [HistoryEntry] = []
  var isLoading = true

  /// Why there are none.
  var problem: String?
  var selected = 0
  var top = 0

  /// Takes changes in, oldest first.
  mutating func take(_ changes: [Change]) {
    isLoading = false
    problem = nil
    let selectedVersion = entries.indices.contains(selected) ? entries[selected].version : nil
    var before = Customer()
    var all: [HistoryEntry] = []
    for change in changes.suffix(Self.entriesMax) {
      guard change.kind != .none, let customer = change.customer else { continue }
      let isGone = change.kind == .deleted || change.kind == .erased
      let parts = isGone ? [] : customer.parts(changedFrom: before)
      all.append(
        HistoryEntry(
          kind: change.kind,
          customer: customer,
          time: change.changeTime,
          author: change.author,
          differences: parts.map {
            HistoryEntry.Difference(
              part: $0,
              old: $0.text(in: before),
              new: $0.text(in: customer)
            )
          }
        )
      )
      before = isGone ? Customer() : customer
    }
    entries = all.reversed()
    selected = entries.firstIndex { $0.version == selectedVersion } ?? 0
  }

  /// Moves the view so that the selected version is in it.
  mutating func reveal(rows: Int) {
    selected = min(max(selected, 0), max(entries.count - 1, 0))
    if selected < top { top = selected }
    if selected >= top + rows { top = selected - rows + 1 }
    top = max(0, min(top, max(entries.count - rows, 0)))
  }
}

extension ConsoleState {
  mutating func showHistory() {
    details?.tab = .history
    loadHistory()
  }

  mutating func loadHistory() {
    guard let open = details else { return }
    if open.history == nil { details?.history = CustomerHistory() }
    call(.history(open.base.customerID), .history)
  }

  mutating func takeHistory(_ result: Result<ConsoleAnswer, CustomerError>) {
    switch result {
    case .success(.changes(let changes)):
      connected()
      let rows = historyRows
      details?.history?.take(changes)
      details?.history?.reveal(rows: rows)
    case .failure(let error):
      details?.history?.isLoading = false
      if case .unavailable(let message, _) = error { lose(message) }
      if case .unimplemented = error {
        details?.history?.problem = "this daemon can't tell a customer's history"
      } else {
        details?.history?.problem = error.message
      }
    default: break
    }
  }

  /// How many versions are in view.
  var historyRows: Int {
    let layout = ConsoleLayout(size: size)
    return max(HistoryScreen.rows(in: layout.body.count), 1)
  }

  mutating func pressInHistory(_ key: Key) {
    let rows = historyRows
    switch key.code {
    case .left, .right, .tab:
      details?.tab = .details
      details?.setFocus(.tabs)
    case .up: details?.history?.selected -= 1
    case .down: details?.history?.selected += 1
    case .pageUp: details?.history?.selected -= rows
    case .pageDown: details?.history?.selected += rows
    case .home: details?.history?.selected = 0
    case .end: details?.history?.selected = .max
    case .character("r"), .enter: askRestore()
    case .character("d"):
      if let open = details, !open.isSaving { question = .delete(open.base) }
    default: _ = pressInPanel(key)
    }
    details?.history?.reveal(rows: rows)
  }

  private mutating func askRestore() {
    guard let open = details, !open.isSaving, let history = open.history,
      history.entries.indices.contains(history.selected)
    else { return }
    let entry = history.entries[history.selected]
    guard entry.kind != .erased else { return }
    guard open.base.parts(changedFrom: entry.customer) != [] || open.deletedBy != nil else {
      tell("That is how it is now: there is nothing to restore")
      return
    }
    question = .restore(entry.customer, losing: open.changes.labels)
  }
}
