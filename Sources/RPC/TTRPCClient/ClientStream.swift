internal import TTRPC

/// A streaming call as its caller holds it.
///
/// Letting go of it gives the call up.
final class ClientStream: ClientCall {
  /// The call's stream.
  let streamID: UInt32

  private let connection: ClientConnection
  private let inbox: StreamInbox

  init(_ connection: ClientConnection, _ streamID: UInt32, _ inbox: StreamInbox) {
    self.connection = connection
    self.streamID = streamID
    self.inbox = inbox
  }

  deinit { connection.cancel(streamID) }

  /// Why the call ended; `nil` if it didn't, or well.
  var failure: AttemptFailure? { inbox.failure }

  func send(_ message: [UInt8]) async throws(RPCError) {
    do {
      try await connection.send(message, on: self)
    } catch {
      throw error.error
    }
  }

  func closeSending() async throws(RPCError) {
    connection.closeSending(on: streamID)
  }

  func receive() async throws(RPCError) -> [UInt8]? {
    let next = await withTaskCancellationHandler {
      await inbox.next()
    } onCancel: {
      cancel()
    }
    switch next {
    case .message(let message):
      connection.dequeue(message.count, on: streamID)
      return message
    case .end: return nil
    case .failure(let failure): throw failure.error
    }
  }

  func cancel() {
    inbox.discard(.status(.callCancelled))
    connection.cancel(streamID)
  }
}
