import Foundation
import TTRPC
import Testing

/// What `Schema/PROTOCOL.md` tells strangers is what the code does.
@Suite struct ProtocolPageTests {
  private let page: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    page = try String(contentsOf: root.appending(path: "Schema/PROTOCOL.md"), encoding: .utf8)
  }

  /// The bytes of the page's blocks of hexadecimal numbers, in order.
  private var examples: [[UInt8]] {
    page.components(separatedBy: "```hex").dropFirst().map { block in
      let digits = block.components(separatedBy: "```")[0]
      return digits.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
    }
  }

  @Test func workedExampleIsWhatBothEndsSend() throws {
    let examples = self.examples
    try #require(examples.map(\.count) == [99, 80])
    var client = ClientConnectionState()
    let id = "0198c0de-0000-7000-8000-000000000001"
    _ = try client.open(
      service: "customers.v1.CustomerService",
      method: "GetCustomer",
      kind: .unary,
      request: field(1, id),
      options: CallOptions(timeout: .seconds(2))
    )
    #expect(client.output.takeAll() == examples[0])
    var server = TestServerState(.unary)
    _ = server.receive(examples[0])
    let error = RPCError(.notFound, "customer not found")
    server.state.fail(1, error)
    #expect(server.state.output.takeAll() == examples[1])
    #expect(client.receive(examples[1]) == [.failed(1, error)])
  }

  @Test func everyOutcomeStandsThere() {
    for (name, outcome) in [
      ("NEVER_BEGUN", CallOutcome.neverBegun), ("UNDONE", .undone), ("PERHAPS_DONE", .perhapsDone),
    ] {
      #expect(page.contains("| `CALL_OUTCOME_\(name)` \(outcome.rawValue) |"))
    }
  }

  @Test func everyCodeStandsThere() {
    for code in StatusCode.allCases {
      #expect(page.contains("| \(code.rawValue) | \(code.name) |"))
    }
  }

  @Test func limitsAreTheDefaults() {
    let limits = ConnectionLimits()
    #expect(FrameHeader.dataLengthMax == 4_194_304 && page.contains("4,194,304"))
    #expect(limits.streamCountMax == 1024 && page.contains("| 1,024 · 4,096 · 8,192;"))
    #expect(limits.metadataCountMax == 64 && limits.metadataBytesMax == 16 << 10)
    #expect(page.contains("| 64 items · 16 KiB as encoded |"))
    #expect(limits.queuedBytesInAllMax == 4 << 20 && page.contains("| 4 MiB |"))
    #expect(limits.queuedBytesMax == 256 << 10 && ConnectionLimits.messageOverhead == 64)
    #expect(page.contains("| 256 KiB, each counted with 64 bytes more |"))
  }
}
