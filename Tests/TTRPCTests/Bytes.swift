import TTRPC
import TestSupport

/// A frame written by hand from ttrpc's PROTOCOL.md, "Message Frame".
func frame(_ streamID: UInt32, _ type: UInt8, _ flags: UInt8, _ data: [UInt8] = []) -> [UInt8] {
  let numbers = [UInt32(data.count), streamID].flatMap { number in
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
  return numbers + [type, flags] + data
}

/// A length-delimited field written by hand from protobuf's encoding guide; at most 127 bytes.
func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
  [number << 3 | 2, UInt8(bytes.count)] + bytes
}

func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

/// A request's envelope of service "s", method "m" and a payload.
func request(_ payload: [UInt8] = []) -> [UInt8] {
  field(1, "s") + field(2, "m") + (payload.isEmpty ? [] : field(3, payload))
}

/// A response's envelope of a status, with an `rpc.v1.CallFailure` among its details if an outcome
/// is given.
func status(_ code: UInt8, _ text: String, outcome: UInt8? = nil) -> [UInt8] {
  let failure = outcome.map { outcome in
    field(3, field(1, "type.googleapis.com/rpc.v1.CallFailure") + field(2, [8, outcome]))
  }
  return field(1, [8, code] + field(2, text) + (failure ?? []))
}

extension OutputBuffer {
  /// Takes all that waits.
  mutating func takeAll() -> [UInt8] {
    let bytes = withBytes { [UInt8](copied: $0) }
    removeFirst(bytes.count)
    return bytes
  }
}

extension [UInt8] {
  init(copied bytes: Span<UInt8>) {
    self = bytes.withUnsafeBufferPointer { Array($0) }
  }
}

extension ServerStreamEvent {
  /// The event with the bytes that it names, for comparing.
  func seen(_ bytes: Span<UInt8>) -> ServerSeen {
    func text(_ range: Range<Int>) -> String {
      String(decoding: [UInt8](copied: bytes.extracting(range)), as: UTF8.self)
    }
    switch self {
    case .requestReceived(let head):
      return .request(
        head.streamID,
        "\(text(head.service))/\(text(head.method))",
        [UInt8](copied: bytes.extracting(head.payload))
      )
    case .messageReceived(let id, let range):
      return .message(id, [UInt8](copied: bytes.extracting(range)))
    case .remoteClosed(let id): return .remoteClosed(id)
    case .streamFailed(let id, let error): return .streamFailed(id, error)
    case .frameRefused(let id, let error): return .refused(id, error)
    case .connectionFailed(let error): return .connectionFailed(error)
    }
  }
}

enum ServerSeen: Equatable {
  case request(UInt32, String, [UInt8])
  case message(UInt32, [UInt8])
  case remoteClosed(UInt32)
  case streamFailed(UInt32, RPCError)
  case refused(UInt32, RPCError)
  case connectionFailed(ConnectionError)
}

enum ClientSeen: Equatable {
  case response(UInt32, [UInt8])
  case message(UInt32, [UInt8])
  case ended(UInt32)
  case failed(UInt32, RPCError)
  case connectionFailed(ConnectionError)
}

/// A server's state that opens every request with one kind of method.
struct TestServerState {
  var state: ServerConnectionState
  let kind: MethodKind
  private var input = InputBuffer()

  init(_ kind: MethodKind, limits: ConnectionLimits = ConnectionLimits()) {
    state = ServerConnectionState(limits: limits)
    self.kind = kind
  }

  /// Feeds bytes; returns the events, of which a first message that comes with its request is one.
  mutating func receive(_ bytes: [UInt8]) -> [ServerSeen] {
    var seen: [ServerSeen] = []
    var input = self.input
    input.receive(bytes.span) { bytes, offset in
      while let event = state.next(in: bytes, at: &offset) {
        seen.append(event.seen(bytes))
        guard case .requestReceived(let head) = event else { continue }
        do throws(RPCError) {
          let call = try state.open(head, kind)
          if let range = call.message {
            seen.append(.message(head.streamID, [UInt8](copied: bytes.extracting(range))))
          }
          if call.remoteClosed, kind != .unary { seen.append(.remoteClosed(head.streamID)) }
        } catch {
          state.refuse(head, error)
          seen.append(.refused(head.streamID, error))
        }
      }
    }
    self.input = input
    return seen
  }
}

extension ClientConnectionState {
  /// Feeds whole frames; returns the events.
  mutating func receive(_ bytes: [UInt8]) -> [ClientSeen] {
    var buffer = InputBuffer()
    return receive(bytes, &buffer)
  }

  mutating func receive(_ bytes: [UInt8], _ buffer: inout InputBuffer) -> [ClientSeen] {
    var seen: [ClientSeen] = []
    buffer.receive(bytes.span) { bytes, offset in
      while let event = next(in: bytes, at: &offset) {
        switch event {
        case .responseReceived(let id, let range):
          seen.append(.response(id, [UInt8](copied: bytes.extracting(range))))
        case .messageReceived(let id, let range):
          seen.append(.message(id, [UInt8](copied: bytes.extracting(range))))
        case .streamEnded(let id): seen.append(.ended(id))
        case .streamFailed(let id, let error): seen.append(.failed(id, error))
        case .connectionFailed(let error): seen.append(.connectionFailed(error))
        }
      }
    }
    return seen
  }
}
