import CustomerModel
import ProtoWire
import TTRPC

// What a page may be by the protocol, and isn't in a small store.

extension ServiceInMemory {
  /// Has every page hold so many customers at most, however many are asked for.
  package func givePages(ofAtMost countMax: Int32) {
    channel.changeRequest(.unary, "ListCustomers") { (request: inout ListCustomersRequest) in
      request.pageSize = min(request.pageSize, countMax)
    }
  }

  /// Has every page come empty first, with the same page behind it.
  package func giveEmptyPages() {
    let mark = "empty "
    channel.stage(.unary, "ListCustomers") { (passage, proceed) async throws(RPCError) in
      var request = try ListCustomersRequest(received: passage.message)
      guard request.pageToken.hasPrefix(mark) else {
        var empty = ListCustomersResponse()
        empty.nextPageToken = mark + request.pageToken
        return empty.encoded()
      }
      request.pageToken.removeFirst(mark.count)
      return try await proceed(request.encoded())
    }
  }
}
