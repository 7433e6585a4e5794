import Arguments
import CustomerClient
import CustomerModel
import ServiceInMemory
import TTRPC

@testable import CustomerFormats
@testable import Terminal
@testable import customerctl

/// A run of the program against the service in memory.
struct TestRun {
  let service: ServiceInMemory
  let streams: TestStreams
  let status: Int32

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arguments: Without the program's name.
  ///   - service: What is called; `nil` = one with an empty store.
  ///   - environment: The variables that are set.
  ///   - prepare: Makes the streams ready.
  /// - Throws: If there can be no store.
  init(
    _ arguments: [String],
    service: ServiceInMemory? = nil,
    environment: [String: String] = [:],
    _ prepare: (TestStreams) -> Void = { _ in }
  ) async throws {
    let streams = TestStreams()
    prepare(streams)
    let service = try service ?? ServiceInMemory()
    self.service = service
    self.streams = streams
    status = await Program.run(
      arguments,
      environment: { environment[$0] },
      streams: streams,
      connect: { socket in
        guard let socket else { return service.client }
        return CustomerClient(over: service.channel, socketPath: socket)
      }
    ).rawValue
  }

  var output: String { streams.output }
  var errors: [String] { streams.errors }
}

/// Streams in memory.
final class TestStreams: Streams {
  var output = ""
  var errors: [String] = []
  var input: [UInt8] = []
  var answer: String?
  var questions: [String] = []
  var isOutputTerminal = false
  var isErrorTerminal = false
  var isInputTerminal = false
  var width: Int?
  var usesStyles = false
  var flushCount = 0
  var pager: String?

  func write(_ text: String) { output += text }
  func flush() { flushCount += 1 }
  func startPager(_ command: String) { pager = command }
  func tell(_ line: String) { errors.append(line) }
  func tellProgress(_ line: String) {}

  func readAll(atMost limit: Int) throws(StreamError) -> [UInt8] {
    guard input.count <= limit else { throw .tooLong(file: "standard input", limit: limit) }
    return input
  }

  func readAnswer(to question: String) -> String? {
    questions.append(question)
    return answer
  }
}
