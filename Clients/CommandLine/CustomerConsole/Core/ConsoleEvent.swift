import CustomerClient
import CustomerModel
import Terminal
import WellKnownTypes

/// What the console is told: everything that can change what it shows.
enum ConsoleEvent: Sendable {
  case key(Key)

  /// A text that was pasted, as it came.
  case paste(String)

  /// The mouse's first button was pressed there.
  case click(GridPosition)
  case wheel(up: Bool)
  case resize(GridSize)

  /// The time, in seconds since 1970; about once a second.
  case tick(Int64)

  /// What a call ended with.
  case answer(CallSlot, ticket: Int, Result<ConsoleAnswer, CustomerError>)

  /// A change that the watch tells.
  case change(ticket: Int, Change)
}

/// What a call answers.
enum ConsoleAnswer: Sendable {
  case page(ListCustomersResponse)
  case customers([Customer])
  case customer(Customer)
  case deleted(version: UInt64)

  /// A customer's history, oldest first.
  case changes([Change])
  case status(StoreStatus)

  /// The watch is over.
  case ended
}

/// What the console wants to have done.
enum ConsoleEffect: Equatable, Sendable {
  /// Make a call; an older one in the same slot is cancelled and its answer not wanted any more.
  case call(ConsoleCall, CallSlot, ticket: Int)

  /// Cancel what is going on in a slot.
  case cancel(CallSlot)

  /// Give the terminal back and stop, as Ctrl-Z does elsewhere.
  case suspend

  /// Draw everything anew.
  case redraw

  case quit
}

/// A call to the daemon.
enum ConsoleCall: Equatable, Sendable {
  case list(ListCustomersRequest)
  case search(String, limit: Int32)
  case get(String)
  case create(Customer)

  /// Write what was changed of a customer since it was read.
  case edit(Customer, from: Customer)

  /// Write a customer whole, added if it isn't there.
  case replace(Customer)
  case delete(String, version: UInt64)
  case history(String)
  case watch(CustomerClient.WatchStart)
  case status
}

/// What a call is for: at most one for each is on its way.
enum CallSlot: Hashable, Sendable {
  case list
  case search

  /// Customers with the e-mail address that was typed.
  case sameEmail
  case create

  /// The customer as it is, before its details are shown.
  case open
  case save(String)
  case delete(String)
  case undo(String)
  case history

  /// Who wrote what a save ran into.
  case culprit

  /// What became of a write to which no answer came.
  case look(String)

  /// What was written last, before the console began to watch.
  case recent
  case status
  case watch
}

/// What the console knows of the world around it, without asking.
package struct ConsoleContext: Sendable {
  /// By which its own changes are known.
  var processID: Int32

  /// How many seconds the clock on the wall is ahead of UTC at a time.
  var secondsAheadOfUTC: @Sendable (Int64) -> Int

  /// Makes the ids of new customers: a creation that is repeated under its id makes no second one.
  var makeID: @Sendable () -> UniqueID

  /// Describes a world.
  package init(
    processID: Int32,
    secondsAheadOfUTC: @escaping @Sendable (Int64) -> Int,
    makeID: @escaping @Sendable () -> UniqueID
  ) {
    self.processID = processID
    self.secondsAheadOfUTC = secondsAheadOfUTC
    self.makeID = makeID
  }
}
