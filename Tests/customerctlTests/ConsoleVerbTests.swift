import CustomerClient
import CustomerModel
import ServiceInMemory
import TTRPC
import Testing

@testable import customerctl

/// What becomes of `console` on which terminal.
@Suite struct ConsoleVerbTests {
  private func filled() async throws -> ServiceInMemory {
    let service = try ServiceInMemory()
    try await service.put([Customer(firstName: "Ann")])
    return service
  }

  @Test func aDumbTerminalAndNoneArePlainByThemselves() async throws {
    for terminal in [nil, "dumb", ""] {
      let run = try await TestRun(
        ["console"],
        service: filled(),
        environment: terminal.map { ["TERM": $0] } ?? [:]
      )
      #expect(run.status == 0)
      #expect(run.output.hasPrefix("Customers, 1 in all"))
    }
  }

  @Test func elsewhereAPipeMustAskForLines() async throws {
    let xterm = ["TERM": "xterm"]
    let run = try await TestRun(["console"], service: filled(), environment: xterm)
    #expect(run.status == 2)
    #expect(run.errors.last == "customerctl: console --plain reads and writes lines")
    let plain = try await TestRun(["console", "--plain"], service: filled(), environment: xterm)
    #expect(plain.status == 0)
    #expect(plain.output.hasPrefix("Customers, 1 in all"))
  }

  @Test func aCallThatFailsIsExplainedAsByAnyVerb() async throws {
    let service = try await filled()
    let refused = RPCError(.unavailable, "connection refused", outcome: .neverBegun)
    service.channel.fail(with: refused)
    let run = try await TestRun(["console", "--plain"], service: service)
    #expect(run.status == 0)
    #expect(run.output.contains("start one with: customerd --socket /run/customers.sock"))
  }
}
