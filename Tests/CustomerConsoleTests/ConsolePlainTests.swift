import CommandLineTestSupport
import CustomerClient
import CustomerModel
import ProtoWire
import TestSupport
import Testing

@testable import CustomerConsole
@testable import Terminal

/// The console as a conversation in lines.
@Suite struct ConsolePlainTests {
  private func store() -> FakeStore {
    let store = FakeStore()
    store.pageSizeMax = 1000
    store.customers = ConsoleSample.all
    return store
  }

  /// What is printed when a user gives these answers.
  private func talk(_ store: FakeStore, _ answers: String...) async throws -> String {
    let streams = ScriptedStreams(answers)
    let console = PlainConsole(
      calls: store,
      streams: streams,
      context: ConsoleDriver.context,
      explain: { ["explained: \($0.message)"] },
      lookPause: .milliseconds(1)
    )
    try await console.run()
    return streams.text
  }

  @Test func theWholeFlowIsAConversation() async throws {
    let store = store()
    let text = try await talk(
      store,
      "a",
      "Nina",
      "New",
      "",
      "nina@example.com",
      "s",
      "9",
      "lastName=Old",
      "s",
      "c",
      "d 9",
      "d",
      "u",
      "q"
    )
    try expectGolden(text, "plain-flow.txt")
    #expect(store.customers.last?.lastName == "Old")
    #expect(store.requests.contains("update last_name"))
    #expect(store.requests.contains("update * allow-missing"))
  }

  @Test func helpNamesEveryAnswer() async throws {
    try expectGolden(try await talk(FakeStore(), "?", "q"), "plain-help.txt")
  }

  @Test func historyChangesAndStoreAreTold() async throws {
    let store = store()
    store.changes = ConsoleScreenTests.changes
    let text = try await talk(store, "t", "1", "h", "x", "q")
    for line in ["Customers: 8", "HISTORY, the latest first", "  Last Name: Lee → Lee-Wong"] {
      #expect(text.contains(line), "\(line)")
    }
  }

  @Test func aConflictIsAskedFieldByField() async throws {
    let store = store()
    store.interference = { [unowned store] in
      store.customers[0].version = 4
      store.customers[0].lastName = "Smith"
    }
    let text = try await talk(store, "1", "lastName=Wong", "s", "t", "c", "q")
    for line in ["Last Name was changed by two.", "Yours: Wong", "Theirs: Smith", "Before: Lee"] {
      #expect(text.contains(line), "\(line)")
    }
    #expect(store.customers[0].lastName == "Smith")
  }

  @Test func aCallThatFailsDoesntEndTheConversation() async throws {
    let store = FakeStore()
    store.failure = .unavailable(message: "connection refused", outcome: .neverBegun)
    let text = try await talk(store, "t", "q")
    #expect(text.contains("explained: connection refused"))
  }

  @Test func theEndOfInputIsTheEnd() async throws {
    #expect(try await talk(store()).hasPrefix("Customers, 8 in all"))
    #expect(try await talk(store(), "a", "Nina").contains("Nothing was created."))
  }

  @Test func controlsOfDataNeverReachTheTerminal() async throws {
    #expect(try await !talk(store(), "4", "x", "q").contains("\u{1B}"))
  }

  // MARK: Writes without an answer

  private let noAnswer = CustomerError.deadlineExceeded(
    message: "no answer within 10.0 seconds",
    outcome: .perhapsDone
  )

  /// Ann renamed by this console, as her history tells it.
  private func tellSaved(_ store: FakeStore, by author: Author) {
    var saved = ConsoleSample.ann
    saved.version = 4
    saved.lastName = "Wong"
    store.customers[0] = saved
    store.changes = [Change(kind: .updated, customer: saved, author: author)]
  }

  @Test func aSaveWithoutAnAnswerIsLookedUp() async throws {
    let store = store()
    store.updateFailures = [noAnswer]
    store.beforeUpdateFailure = { self.tellSaved(store, by: .own) }
    let text = try await talk(store, "1", "lastName=Wong", "s", "", "c", "q")
    #expect(text.contains("explained: no answer within 10.0 seconds"))
    #expect(text.contains("No answer: perhaps saved. Enter looks what became of it."))
    #expect(text.contains("Saved as version 4 after all."))
    #expect(text.contains("version: 4"))
    #expect(store.requests.count { $0.hasPrefix("update") } == 1)
  }

  @Test func aSaveThatOthersOvertookIsSaidToBe() async throws {
    let store = store()
    store.updateFailures = [noAnswer]
    store.beforeUpdateFailure = { self.tellSaved(store, by: .other) }
    let text = try await talk(store, "1", "lastName=Lee-Wong", "s", "s", "x", "q")
    #expect(text.contains("Not saved: billing-sync changed the customer first."))
    #expect(store.requests.count { $0.hasPrefix("update") } == 1)
  }

  @Test func aSaveThatIsNeverFoundIsNotSaved() async throws {
    let store = store()
    store.updateFailures = [noAnswer]
    let text = try await talk(store, "1", "lastName=Wong", "s", "", "s", "c", "q")
    #expect(text.contains("Not saved: the daemon didn't carry it out. Save again."))
    #expect(text.contains("Saved as version 4."))
  }

  @Test func aCreationWithoutAnAnswerIsLookedUp() async throws {
    let store = store()
    store.createFailure = noAnswer
    let nina = Customer(customerID: ConsoleDriver.newID, version: 1, firstName: "Nina")
    store.changes = [
      Change(kind: .created, customer: nina, author: .own)
    ]
    let text = try await talk(store, "a", "Nina", "", "", "", "s", "", "q")
    #expect(text.contains("No answer: perhaps created. Enter looks what became of it."))
    #expect(text.contains("Nina is created."))
  }
}

/// Streams whose answers were written before; questions stand in the text as they are asked.
final class ScriptedStreams: Streams {
  var text = ""
  private var answers: [String]
  let isOutputTerminal = true
  let isErrorTerminal = true
  let isInputTerminal = true
  let width: Int? = 80
  let usesStyles = false

  init(_ answers: [String]) { self.answers = answers }

  func write(_ text: String) { self.text += text }
  func flush() {}
  func startPager(_ command: String) {}
  func tell(_ line: String) { text += line + "\n" }
  func tellProgress(_ line: String) {}
  func readAll(atMost limit: Int) -> [UInt8] { [] }

  func readAnswer(to question: String) -> String? {
    guard !answers.isEmpty else {
      text += question + "(end)\n"
      return nil
    }
    text += question + answers[0] + "\n"
    return answers.removeFirst()
  }
}
