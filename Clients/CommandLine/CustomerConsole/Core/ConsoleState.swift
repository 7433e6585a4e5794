import CustomerClient
import CustomerModel
import Terminal

/// What the navigation bar leads to.
enum Section: Int, CaseIterable, Sendable {
  case customers
  case changes
  case store

  var title: String {
    switch self {
    case .customers: "Customers"
    case .changes: "Changes"
    case .store: "Store"
    }
  }
}

/// Everything the console knows; ``reduce(_:)`` alone changes it, ``render()`` shows it.
///
/// Holds no clock, no task and no terminal: the same events always lead to the same screens.
struct ConsoleState: Sendable {
  /// How many deletions can be undone.
  static let undoneMax = 50

  let context: ConsoleContext
  var size: GridSize

  /// The time of the last tick, in seconds since 1970.
  var now: Int64

  var section = Section.customers
  var list = CustomerList()
  var feed = ChangeFeed()
  var store = StoreReport()
  var link = DaemonLink()

  /// The panel for a new customer, while it is open.
  var addNew: AddNewForm?

  /// The customer that is open.
  var details: CustomerDetails?

  /// What must be answered before anything else.
  var question: Question?

  var isHelpShown = false
  var notice: Notice?

  /// What was deleted here, the latest last.
  var deleted: [DeletedCustomer] = []

  /// What was written here without an answer, the latest last.
  var unanswered: [UnansweredWrite] = []

  private var tickets: [CallSlot: Int] = [:]

  /// The writes on their way.
  private var sent: [CallSlot: UnansweredWrite] = [:]
  private var lastTicket = 0
  private var effects: [ConsoleEffect] = []

  /// Creates the state of a console that has just been opened.
  init(size: GridSize, now: Int64, context: ConsoleContext) {
    self.size = size.limited
    self.now = now
    self.context = context
  }

  /// What is to be done first.
  mutating func begin() -> [ConsoleEffect] {
    loadList()
    askStatus()
    return takeEffects()
  }

  /// Takes an event in.
  ///
  /// - Returns: What is to be done because of it, in order.
  mutating func reduce(_ event: ConsoleEvent) -> [ConsoleEffect] {
    switch event {
    case .key(let key): press(key)
    case .paste(let text): paste(text)
    case .click(let place): click(place)
    case .wheel(let up): turnWheel(up: up)
    case .resize(let size):
      self.size = size.limited
      list.reveal(rows: listRows)
      loadWhatIsShown()
    case .tick(let now): tick(now)
    case .answer(let slot, let ticket, let result):
      guard tickets[slot] == ticket else { break }
      tickets[slot] = nil
      if let write = sent.removeValue(forKey: slot), case .failure(let error) = result,
        error.outcome == .perhapsDone
      {
        keep(write, error)
      } else {
        take(slot, result)
      }
    case .change(let ticket, let change):
      if tickets[.watch] == ticket { take(change) }
    }
    return takeEffects()
  }

  private mutating func takeEffects() -> [ConsoleEffect] {
    defer { effects = [] }
    return effects
  }

  // MARK: For the parts of the core

  /// Wants something done.
  mutating func want(_ effect: ConsoleEffect) { effects.append(effect) }

  /// Wants a call made.
  mutating func call(_ call: ConsoleCall, _ slot: CallSlot) {
    lastTicket += 1
    tickets[slot] = lastTicket
    want(.call(call, slot, ticket: lastTicket))
  }

  /// Wants a write made; what became of it is looked up if no answer comes.
  mutating func send(_ write: UnansweredWrite, _ call: ConsoleCall, _ slot: CallSlot) {
    self.call(call, slot)
    sent[slot] = write
  }

  /// Whether an answer is waited for, other than changes and how the daemon is.
  var isWaiting: Bool { tickets.keys.contains { $0 != .watch && $0 != .status } }

  /// Whether a call is on its way.
  func isCalling(_ slot: CallSlot) -> Bool { tickets[slot] != nil }

  /// Wants no answer any more.
  mutating func cancel(_ slot: CallSlot) {
    sent[slot] = nil
    if tickets.removeValue(forKey: slot) != nil { want(.cancel(slot)) }
  }

  /// Tells something in the status line.
  mutating func tell(_ text: String, _ kind: Notice.Kind = .info) {
    notice = Notice(text: text, kind: kind, time: now)
  }

  /// Tells why a call failed.
  mutating func tell(_ what: String, _ error: CustomerError) {
    tell("\(what): \(error.message)", .bad)
  }
}

/// What the status line tells for a while.
struct Notice: Equatable, Sendable {
  enum Kind: Sendable {
    case info
    case good
    case warning
    case bad
  }

  /// How long it stays, in seconds.
  static let seconds: Int64 = 12

  var text: String
  var kind: Kind
  var time: Int64
}

/// A customer that was deleted here, and can be brought back.
struct DeletedCustomer: Equatable, Sendable {
  var customer: Customer

  /// Where in the list it stood.
  var row: Int
}
