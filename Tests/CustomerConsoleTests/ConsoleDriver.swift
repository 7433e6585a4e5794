import CustomerClient
import CustomerModel
import ProtoWire
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerConsole
@testable import Terminal

/// A console's core with the calls it made, answered by a test or by a store in memory.
struct ConsoleDriver {
  /// 2026-03-01T09:30:00Z.
  static let now: Int64 = 1_772_357_400
  static let processID: Int32 = 4242
  static let newID = "0193a5c0-7d1e-7c3a-9f00-00000000aaaa"

  static let context = ConsoleContext(
    processID: processID,
    secondsAheadOfUTC: { _ in 0 },
    makeID: {
      (try? UniqueID(newID)) ?? UUIDv7Generator.id(milliseconds: 0, randomHigh: 1, randomLow: 1)
    }
  )

  var state: ConsoleState

  /// The calls on their way, in order.
  var calls: [(call: ConsoleCall, slot: CallSlot, ticket: Int)] = []

  /// All other effects.
  var effects: [ConsoleEffect] = []

  init(columns: Int = 80, rows: Int = 24) {
    state = ConsoleState(
      size: GridSize(columns: columns, rows: rows),
      now: Self.now,
      context: Self.context
    )
    take(state.begin())
  }

  private mutating func take(_ effects: [ConsoleEffect]) {
    for effect in effects {
      switch effect {
      case .call(let call, let slot, let ticket):
        calls.removeAll { $0.slot == slot }
        calls.append((call, slot, ticket))
      case .cancel(let slot): calls.removeAll { $0.slot == slot }
      default: self.effects.append(effect)
      }
    }
  }

  mutating func send(_ event: ConsoleEvent) { take(state.reduce(event)) }

  mutating func press(_ keys: Key...) {
    for key in keys { send(.key(key)) }
  }

  mutating func press(_ letters: String) {
    for letter in letters { send(.key(.letter(letter))) }
  }

  /// Answers the call in a slot.
  mutating func answer(_ slot: CallSlot, _ result: Result<ConsoleAnswer, CustomerError>) {
    guard let index = calls.firstIndex(where: { $0.slot == slot }) else {
      Issue.record("nothing is called in \(slot)")
      return
    }
    let ticket = slot == .watch ? calls[index].ticket : calls.remove(at: index).ticket
    send(.answer(slot, ticket: ticket, result))
  }

  /// Tells a change through the watch.
  mutating func change(
    _ kind: Change.Kind,
    _ customer: Customer,
    author: Author = .other
  ) {
    guard let watch = calls.first(where: { $0.slot == .watch }) else {
      Issue.record("nothing is watched")
      return
    }
    var change = Change()
    change.kind = kind
    change.customer = customer
    change.author = author
    change.changeTime = Timestamp(nanosecondsSince1970: Self.now * 1_000_000_000)
    change.resumeToken = "t\(customer.version)"
    send(.change(ticket: watch.ticket, change))
  }

  /// What is called in a slot.
  func call(_ slot: CallSlot) -> ConsoleCall? { calls.first { $0.slot == slot }?.call }

  /// Answers what begins a console: a page of customers, and the daemon's state.
  mutating func begin(with customers: [Customer], total: Int? = nil, next: String = "") {
    var page = ListCustomersResponse()
    page.customers = customers
    page.totalSize = Int32(total ?? customers.count)
    page.nextPageToken = next
    page.resumeToken = "t0"
    answer(.list, .success(.page(page)))
    answer(.status, .success(.status(Self.status(customers.count))))
  }

  static func status(_ count: Int) -> StoreStatus {
    var status = StoreStatus()
    status.storeID = "6f1c2a"
    status.serverVersion = "0.1.0"
    status.startTime = Timestamp(nanosecondsSince1970: (now - 7260) * 1_000_000_000)
    status.customerCount = UInt64(count)
    status.changeCount = 1234
    status.databaseBytes = 5_242_880
    status.schemaVersion = 2
    status.unindexedCount = 3
    status.oldestChangeTime = Timestamp(nanosecondsSince1970: (now - 864_000) * 1_000_000_000)
    return status
  }

  /// The screen's rows as text.
  var rows: [String] {
    let grid = state.render()
    return (0..<grid.size.rows).map { grid.text(ofRow: $0) }
  }

  /// Whether a text stands anywhere on the screen.
  func shows(_ text: String) -> Bool { rows.contains { $0.contains(text) } }
}

/// Customers with what is awkward on screens: wide letters, marks, controls, long and no values.
enum ConsoleSample {
  static func id(_ number: Int) -> String {
    let digits = String(number)
    return "0193a5c0-7d1e-7c3a-9f00-" + String(repeating: "0", count: 12 - digits.count) + digits
  }

  static func customer(
    _ number: Int,
    _ first: String,
    _ last: String,
    _ email: String = ""
  ) -> Customer {
    var customer = Customer(customerID: id(number), version: 3, firstName: first, lastName: last)
    customer.displayName = customer.fullName
    customer.emailAddress = email
    customer.createTime = Timestamp(nanosecondsSince1970: 1_767_225_600_000_000_000)
    let seconds = ConsoleDriver.now - Int64(number * number % 10_000) * 5000
    customer.updateTime = Timestamp(nanosecondsSince1970: seconds * 1_000_000_000)
    return customer
  }

  static var ann: Customer {
    var ann = customer(1, "Ann", "Lee", "ann@example.com")
    ann.phones = [
      PhoneNumber(
        key: "5f0c1f2e-53a7-4d3c-8a51-4f0c9e7d1b20",
        type: .mobile,
        country: "AU",
        numberLocal: "0491 570 006",
        numberInternational: "+61491570006"
      )
    ]
    ann.addresses = [
      Address(
        key: "b7f4a1c8-0c1d-4a6e-9d3b-2f6d1e8c7a54",
        address1: "1 Example Street",
        suburb: "Brisbane",
        postcode: "4000",
        state: "Queensland",
        country: "AU"
      )
    ]
    ann.attributes = ["tier": "gold", "source": "fair"]
    return ann
  }

  static var all: [Customer] {
    var others = [
      customer(2, "太郎", "山田", "taro@例え.jp"),
      customer(3, "Zoe\u{308}", "O'Brien", "zoe@example.com"),
      customer(4, "Mallory\u{1B}[31m", "Red"),
      customer(
        5,
        "Maximiliane Alexandra Theodora",
        "von Hohenstein-Waldburg zu Wolfegg",
        "maximiliane.von.hohenstein@verwaltung.example.org"
      ),
      customer(6, "", "", "no-name@example.com"),
      customer(7, "👩‍👩‍👧", "Family", "f@example.com"),
      customer(8, "민준", "김", "kim@example.kr"),
    ]
    others[1].phones = [PhoneNumber(numberLocal: "07 3211 0000")]
    others[5].phones = [PhoneNumber(numberInternational: "+493012345678901")]
    return [ann] + others
  }
}

/// Compares a screen with a golden file: its letters, its looks, where its cursor stands.
func expectScreen(
  _ driver: ConsoleDriver,
  _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let grid = driver.state.render()
  var letters: [Style: Character] = [.plain: " "]
  var legend: [String] = []
  var looks: [String] = []
  for row in 0..<grid.size.rows {
    var line = ""
    for column in 0..<grid.size.columns {
      let style = grid[row, column].style
      if letters[style] == nil {
        let letter = Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(letters.count - 1)))
        letters[style] = letter
        legend.append("\(letter) = \(words(style))")
      }
      line.append(letters[style] ?? " ")
    }
    while line.hasSuffix(" ") { line.removeLast() }
    looks.append(line)
  }
  let cursor = grid.cursor.map { "row \($0.row), column \($0.column)" } ?? "hidden"
  let text = driver.rows + ["", "looks:"] + looks + ["", "cursor: \(cursor)"] + legend
  let size = "\(grid.size.columns)x\(grid.size.rows)"
  try expectGolden(
    text.joined(separator: "\n"),
    "\(name)-\(size).txt",
    sourceLocation: sourceLocation
  )
}

private func words(_ style: Style) -> String {
  var words: [String] = style.color == .usual ? [] : ["\(style.color)"]
  for (trait, word) in [
    (Style.Traits.bold, "bold"), (.dim, "dim"), (.underlined, "underlined"),
    (.reversed, "reversed"), (.struck, "struck"),
  ] where style.traits.contains(trait) { words.append(word) }
  return words.joined(separator: " ")
}

extension Author {
  /// The console of these tests.
  static let own = Author(userID: 1000, groupID: 1000, processID: 4242, program: "customerctl")

  /// Another program.
  static let other = Author(userID: 1000, groupID: 1000, processID: 77, program: "billing-sync")
}
