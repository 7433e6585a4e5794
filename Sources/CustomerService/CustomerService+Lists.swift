package import CustomerModel
internal import CustomerStore
internal import ProtoWire
package import TTRPC
internal import WellKnownTypes

// Lists, batches and exports: many records in one answer, as they lie in the store.

extension CustomerService {
  /// How many customers a page has when the request doesn't say.
  package static let pageSizeDefault = 100

  /// The largest page, in customers; a request for more gets this.
  package static let pageSizeMax = 1000

  /// How many customers are read for one message of an export; fewer where they are large.
  private static let exportChunkSize = 1000

  package func listCustomers(
    _ request: ListCustomersRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<ListCustomersResponse> {
    try refuse(filter: request.filter)
    try refuse(order: request.orderBy)
    guard request.pageSize >= 0 else {
      let description = "\(request.pageSize) is negative"
      throw RPCError(
        InvalidCustomer(violations: [Violation(field: "pageSize", description: description)])
      )
    }
    let size = request.pageSize == 0 ? Self.pageSizeDefault : Int(request.pageSize)
    let start = try position(ofPage: request.pageToken)
    let page = try await stored { () async throws(RepositoryError) in
      try await repository.list(after: start, limit: min(size, Self.pageSizeMax))
    }
    let store = repository.storeID
    var rest = ListCustomersResponse()
    if let next = page.next {
      rest.nextPageToken = StoreToken.text(store: store, position: next, purpose: Self.pagePurpose)
    }
    if request.pageToken.isEmpty { rest.totalSize = Int32(clamping: page.totalCount) }
    rest.resumeToken = resumeToken(page.sequence)
    return RecordList.response(page.records, rest: rest)
  }

  package func batchGetCustomers(
    _ request: BatchGetCustomersRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<BatchGetCustomersResponse> {
    let count = request.customerIDs.count
    guard count <= Self.batchIDsMax else {
      let description = "\(count) ids is over the limit of \(Self.batchIDsMax)"
      throw RPCError(
        InvalidCustomer(violations: [Violation(field: "customerIds", description: description)])
      )
    }
    var ids: [String] = []
    for (index, id) in request.customerIDs.enumerated() {
      ids.append(try normalID(id, field: "customerIds[\(index)]"))
    }
    let records = try await stored { () async throws(RepositoryError) in
      try await repository.records(ids)
    }
    return RecordList.response(records, rest: BatchGetCustomersResponse())
  }

  package func exportCustomers(
    _ request: ExportCustomersRequest,
    _ responses: ResponseWriter<ExportCustomersResponse>,
    _ context: CallContext
  ) async throws {
    try refuse(filter: request.filter)
    let beginning = try await stored { () async throws(RepositoryError) in
      try repository.beginExport()
    }
    var position: ExportPosition? = beginning
    while let current = position {
      let chunk = try await stored { () async throws(RepositoryError) in
        try await repository.export(current, limit: Self.exportChunkSize)
      }
      position = chunk.next
      var rest = ExportCustomersResponse()
      if position == nil { rest.resumeToken = resumeToken(beginning.sequence) }
      try await responses.send(RecordList.response(chunk.records, rest: rest))
    }
  }

  package func watchCustomers(
    _ request: WatchCustomersRequest,
    _ responses: ResponseWriter<Change>,
    _ context: CallContext
  ) async throws {
    throw RPCError(.unimplemented, "watch is not offered by this version")
  }

  private static let pagePurpose = "list"

  private func position(ofPage token: String) throws(RPCError) -> Int64 {
    if token.isEmpty { return 0 }
    let read = StoreToken(token, store: repository.storeID, purpose: Self.pagePurpose)
    guard let read else {
      var error = RPCError(
        .invalidArgument,
        "pageToken is not one of this store for this filter and order"
      )
      error.attach(reason: "PAGE_TOKEN_INVALID")
      throw error
    }
    return read.position
  }

  func resumeToken(_ sequence: Int64) -> String {
    StoreToken.text(store: repository.storeID, position: sequence, purpose: "changes")
  }

  private func refuse(filter: String) throws(RPCError) {
    if filter.isEmpty { return }
    var error = RPCError(.unimplemented, "filters are not offered by this version")
    error.attach(reason: "FILTER_NOT_SUPPORTED")
    throw error
  }

  private func refuse(order: String) throws(RPCError) {
    if order.isEmpty { return }
    var error = RPCError(
      .unimplemented,
      "orders other than that of creation are not offered by this version"
    )
    error.attach(reason: "ORDER_NOT_SUPPORTED")
    throw error
  }
}
