import CommandLineTestSupport
import CustomerClient
import CustomerModel
import Testing

@testable import customerctl

/// What becomes of `console` on which terminal.
@Suite struct ConsoleVerbTests {
  private var store: FakeStore {
    let store = FakeStore()
    store.customers = [Customer(firstName: "Ann")]
    return store
  }

  @Test func aDumbTerminalAndNoneArePlainByThemselves() async {
    for terminal in [nil, "dumb", ""] {
      let run = await TestRun(
        ["console"],
        store: store,
        environment: terminal.map { ["TERM": $0] } ?? [:]
      )
      #expect(run.status == 0)
      #expect(run.output.hasPrefix("Customers, 1 in all"))
    }
  }

  @Test func elsewhereAPipeMustAskForLines() async {
    let xterm = ["TERM": "xterm"]
    let run = await TestRun(["console"], store: store, environment: xterm)
    #expect(run.status == 2)
    #expect(run.errors.last == "customerctl: console --plain reads and writes lines")
    let plain = await TestRun(["console", "--plain"], store: store, environment: xterm)
    #expect(plain.status == 0)
    #expect(plain.output.hasPrefix("Customers, 1 in all"))
  }

  @Test func aCallThatFailsIsExplainedAsByAnyVerb() async {
    let store = store
    store.failure = .unavailable(message: "connection refused", outcome: .neverBegun)
    let run = await TestRun(["console", "--plain"], store: store)
    #expect(run.status == 0)
    #expect(run.output.contains("start one with: customerd --socket /run/customers.sock"))
  }
}
