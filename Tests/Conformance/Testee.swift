import ProtoJSON
import ProtoWire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Answers the requests of protobuf's conformance suite on standard input and output.
///
/// `conformance.proto` says what they mean; each stands behind its length in four bytes, the
/// smallest first.
@main
struct Testee {
  /// The type of message that the tests are about; those of proto2 are skipped.
  typealias Subject = TestAllTypesProto3

  let json: JSONCodec<Subject>

  static func main() throws {
    let testee = Testee(json: try JSONCodec())
    while let request = readMessage() {
      let response = testee.answer(try ConformanceRequest(decoding: request))
      writeMessage(response.encoded())
    }
  }

  /// Reads the message and writes it in the format that is asked for.
  private func answer(_ request: ConformanceRequest) -> ConformanceResponse {
    // The suite's first question: which tests are known to fail.
    if request.messageType == "conformance.FailureSet" {
      return ConformanceResponse(result: .protobufPayload(FailureSet().encoded()))
    }
    guard request.messageType == Subject.messageName else {
      return ConformanceResponse(result: .skipped("not proto3"))
    }
    let message: Subject
    do {
      switch request.payload {
      case .protobufPayload(let bytes):
        message = try Subject(decoding: bytes)
      case .jsonPayload(let text):
        let ignoresUnknown = request.testCategory == .jsonIgnoreUnknownParsingTest
        message = try json.message(
          ofJSON: Array(text.utf8),
          JSONReadOptions(ignoresUnknownFields: ignoresUnknown)
        )
      case .jspbPayload, .textPayload, nil:
        return ConformanceResponse(result: .skipped("no format of ours"))
      }
    } catch {
      return ConformanceResponse(result: .parseError("\(error)"))
    }
    return written(message, as: request.requestedOutputFormat)
  }

  private func written(_ message: Subject, as format: WireFormat) -> ConformanceResponse {
    switch format {
    case .protobuf:
      return ConformanceResponse(result: .protobufPayload(message.encoded()))
    case .json:
      do {
        let options = JSONWriteOptions(writesFieldsWithoutPresence: false)
        let text = String(decoding: try json.json(of: message, options), as: UTF8.self)
        return ConformanceResponse(result: .jsonPayload(text))
      } catch {
        return ConformanceResponse(result: .serializeError("\(error)"))
      }
    default:
      return ConformanceResponse(result: .skipped("no format of ours"))
    }
  }
}

/// The next message's bytes; `nil` at the end of the input.
private func readMessage() -> [UInt8]? {
  guard let length = readBytes(4) else { return nil }
  return readBytes(length.reversed().reduce(0) { $0 << 8 | Int($1) })
}

private func readBytes(_ count: Int) -> [UInt8]? {
  var bytes: [UInt8] = []
  while bytes.count < count {
    var part = [UInt8](repeating: 0, count: count - bytes.count)
    let partCount = read(0, &part, part.count)
    guard partCount > 0 else { return nil }
    bytes += part.prefix(partCount)
  }
  return bytes
}

private func writeMessage(_ bytes: [UInt8]) {
  var rest = (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
  while !rest.isEmpty {
    let count = write(1, rest, rest.count)
    guard count > 0 else { return }
    rest.removeFirst(count)
  }
}
