import Arguments
import CustomerClient
import CustomerModel
import ServiceInMemory
import TTRPC
import Testing

@testable import customerctl

@Suite struct CompleterTests {
  private func words(_ line: String, service: ServiceInMemory? = nil) async throws -> [String] {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let run = try await TestRun(["complete", "--"] + words, service: service)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
    return run.output.split(separator: "\n").map { line in
      String(line.prefix { $0 != "\t" })
    }
  }

  @Test(arguments: [
    ("customerctl hi", ["history"]),
    ("customerctl com", ["completions"]),
    ("customerctl --socket /x l", ["list"]),
    ("customerctl help desc", ["describe"]),
    ("customerctl list --sor", ["--sort"]),
    ("customerctl list --no", ["--no-pager"]),
    ("customerctl list --filter --sor", []),
    ("customerctl get --limit", []),
    ("customerctl list -o nd", ["ndjson"]),
    ("customerctl -o nd", ["ndjson"]),
    ("customerctl list --output=cs", ["--output=csv"]),
    ("customerctl list --output nd", ["ndjson"]),
    ("customerctl list --sort lastName,-up", ["lastName,-updateTime"]),
    ("customerctl list --fields first", ["firstName"]),
    ("customerctl list --fields lastName,ph", ["lastName,phones"]),
    ("customerctl list --fields=lastName,ph", ["--fields=lastName,phones"]),
    ("customerctl import --mode v", ["validate"]),
    ("customerctl import ", []),
    ("customerctl create first", ["firstName="]),
    ("customerctl create a=b ph", ["phones+="]),
    ("customerctl call GetC", ["GetCustomer"]),
    ("customerctl completions f", ["fish"]),
    ("customerctl completions fish ", []),
    ("customerctl list -- --so", []),
    ("customerctl nonsense ", []),
    ("customerctl", []),
  ])
  func knowsWhatMayFollow(_ line: String, _ expected: [String]) async throws {
    #expect(try await words(line) == expected)
  }

  @Test func allVerbsAreOfferedButTheHiddenOne() async throws {
    let verbs = try await words("customerctl ")
    #expect(verbs.contains("create") && verbs.contains("help") && !verbs.contains("complete"))
  }

  private func filled() async throws -> ServiceInMemory {
    var customers: [Customer] = []
    for (id, name, address) in [
      ("0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55", "Ann Lee", "ann@example.com"),
      ("0193a5c0-9999-7c3a-9f00-2b6f6c1d4e55", "Bob\tRay\u{1B}", "bob@example.com"),
    ] {
      var customer = Customer(displayName: name, emailAddress: address)
      customer.customerID = id
      customers.append(customer)
    }
    let service = try ServiceInMemory()
    try await service.put(customers)
    return service
  }

  @Test(arguments: [
    ("customerctl get 0193a5c0-7", ["0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"]),
    ("customerctl get an", ["ann@example.com"]),
    ("customerctl update bob@ex", ["bob@example.com"]),
    ("customerctl delete --yes bob@example.com an", ["ann@example.com"]),
    ("customerctl history 0193a5c0-99", ["0193a5c0-9999-7c3a-9f00-2b6f6c1d4e55"]),
    ("customerctl history ann@example.com ", []),
    ("customerctl watch zebra", []),
  ])
  func customersAreOffered(_ line: String, _ expected: [String]) async throws {
    #expect(try await words(line, service: filled()) == expected)
  }

  @Test func anEmptyWordMayBeAnyCustomer() async throws {
    let all = try await words("customerctl get ", service: filled())
    #expect(all.count == 2)
  }

  @Test func whatDataSaysIsHarmless() async throws {
    let run = try await TestRun(
      ["complete", "--", "customerctl", "get", "0193a5c0-99"],
      service: filled()
    )
    #expect(
      run.output == "0193a5c0-9999-7c3a-9f00-2b6f6c1d4e55\t(Bob\\tRay\\u{1B})\n"
    )
  }

  @Test func aDaemonThatDoesntAnswerIsNotMentioned() async throws {
    let service = try await filled()
    service.channel.fail(with: RPCError(.unavailable, "gone", outcome: .neverBegun))
    #expect(try await words("customerctl get an", service: service) == [])
  }

  @Test func theSocketOnTheLineIsTheOneThatIsAsked() async throws {
    let service = try await filled()
    var asked: [String?] = []
    let streams = TestStreams()
    let status = await Program.run(
      ["complete", "--", "customerctl", "--socket", "/there", "get", "an"],
      environment: { _ in nil },
      streams: streams,
      connect: { socket in
        asked.append(socket)
        return service.client
      }
    )
    #expect(status == .success)
    #expect(asked.last == "/there")
  }

  @Test(arguments: Shell.allCases)
  func everyShellHasAScript(_ shell: Shell) async throws {
    let run = try await TestRun(["completions", shell.rawValue])
    #expect(run.status == 0)
    #expect(run.output == shell.script)
  }
}
