import CommandLineTestSupport
import CustomerClient
import CustomerModel
import ProtoWire
import ServiceInMemory
import TTRPC
import TestSupport
import Testing

@testable import CustomerConsole
@testable import Terminal

/// The console as a conversation in lines.
@Suite struct ConsolePlainTests {
  /// A store of customers, called as this console's process would call it.
  private func filled(_ customers: [Customer] = ConsoleSample.all) async throws -> ServiceInMemory {
    let service = try ServiceInMemory(processID: ConsoleDriver.processID, program: "customerctl")
    try await service.put(customers)
    return service
  }

  /// What is printed when a user gives these answers.
  private func talk(_ service: ServiceInMemory, _ answers: String...) async throws -> String {
    let streams = ScriptedStreams(answers)
    let console = PlainConsole(
      client: service.client,
      streams: streams,
      context: ConsoleDriver.context,
      explain: { ["explained: \($0.message)"] },
      lookPause: .milliseconds(1)
    )
    try await console.run()
    return streams.text
  }

  @Test func theWholeFlowIsAConversation() async throws {
    let service = try await filled()
    let text = try await talk(
      service,
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
    #expect(try await service.all().last?.lastName == "Old")
    #expect(service.requests.contains("update last_name"))
    #expect(service.requests.contains("update * allow-missing"))
  }

  @Test func helpNamesEveryAnswer() async throws {
    try expectGolden(try await talk(filled([]), "?", "q"), "plain-help.txt")
  }

  @Test func historyChangesAndStoreAreTold() async throws {
    let service = try await filled()
    try await service.other.update(ConsoleSample.ann.customerID) { $0.lastName = "Lee-Wong" }
    let text = try await talk(service, "t", "1", "h", "x", "q")
    for line in ["Customers: 8", "HISTORY, the latest first", "  Last Name: Lee → Lee-Wong"] {
      #expect(text.contains(line), "\(line)")
    }
  }

  @Test func aConflictIsAskedFieldByField() async throws {
    let service = try await filled()
    service.interfere(with: ConsoleSample.ann.customerID) { $0.lastName = "Smith" }
    let text = try await talk(service, "1", "lastName=Wong", "s", "t", "c", "q")
    for line in ["Last Name was changed by two.", "Yours: Wong", "Theirs: Smith", "Before: Lee"] {
      #expect(text.contains(line), "\(line)")
    }
    #expect(try await service.all()[0].lastName == "Smith")
  }

  @Test func aCallThatFailsDoesntEndTheConversation() async throws {
    let service = try await filled([])
    let refused = RPCError(.unavailable, "connection refused", outcome: .neverBegun)
    service.channel.fail(with: refused)
    let text = try await talk(service, "t", "q")
    #expect(text.contains("explained: connection refused"))
  }

  @Test func theEndOfInputIsTheEnd() async throws {
    #expect(try await talk(filled()).hasPrefix("Customers, 8 in all"))
    #expect(try await talk(filled(), "a", "Nina").contains("Nothing was created."))
  }

  @Test func controlsOfDataNeverReachTheTerminal() async throws {
    #expect(try await !talk(filled(), "4", "x", "q").contains("\u{1B}"))
  }

  // MARK: Writes without an answer

  private let noAnswer = RPCError(
    .deadlineExceeded,
    "no answer within 10.0 seconds",
    outcome: .perhapsDone
  )

  @Test func aSaveWithoutAnAnswerIsLookedUp() async throws {
    let service = try await filled()
    service.channel.loseAnswer(.unary, "UpdateCustomer", number: 1, error: noAnswer)
    let text = try await talk(service, "1", "lastName=Wong", "s", "", "c", "q")
    #expect(text.contains("explained: no answer within 10.0 seconds"))
    #expect(text.contains("No answer: perhaps saved. Enter looks what became of it."))
    #expect(text.contains("Saved as version 4 after all."))
    #expect(text.contains("version: 4"))
    #expect(service.requests.count { $0.hasPrefix("update") } == 1)
  }

  @Test func aSaveThatOthersOvertookIsSaidToBe() async throws {
    let service = try await filled()
    service.interfere(with: ConsoleSample.ann.customerID) { $0.lastName = "Wong" }
    service.channel.fail(.unary, "UpdateCustomer", number: 1, with: noAnswer)
    let text = try await talk(service, "1", "lastName=Lee-Wong", "s", "s", "x", "q")
    #expect(text.contains("Not saved: billing-sync changed the customer first."))
    #expect(service.requests.count { $0.hasPrefix("update") } == 1)
  }

  @Test func aSaveThatIsNeverFoundIsNotSaved() async throws {
    let service = try await filled()
    service.channel.fail(.unary, "UpdateCustomer", number: 1, with: noAnswer)
    let text = try await talk(service, "1", "lastName=Wong", "s", "", "s", "c", "q")
    #expect(text.contains("Not saved: the daemon didn't carry it out. Save again."))
    #expect(text.contains("Saved as version 4."))
  }

  @Test func aCreationWithoutAnAnswerIsLookedUp() async throws {
    let service = try await filled()
    service.channel.loseAnswer(.unary, "CreateCustomer", error: noAnswer)
    let text = try await talk(service, "a", "Nina", "", "", "", "s", "", "q")
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
