internal import CustomerAPI
package import CustomerModel
internal import CustomerStore
internal import ProtoWire
package import TTRPC
internal import WellKnownTypes

// Lists, batches and exports: many records in one answer, as they lie in the store.

extension CustomerService {
  /// How many customers are read for one message of an export; fewer where they are large.
  private static let exportChunkSize = 1000

  package func listCustomers(
    _ request: ListCustomersRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<ListCustomersResponse> {
    let filter = try Self.filter(request.filter)
    let order = try ListOrder(text: request.orderBy)
    guard request.pageSize >= 0 else {
      throw RPCError(refusing: "pageSize", "\(request.pageSize) is negative")
    }
    let size = request.pageSize == 0 ? ServiceLimits.pageSizeDefault : Int(request.pageSize)
    // The token goes on with one list: of this filter, in this order.
    let purpose = "list \(request.filter) by \(request.orderBy)"
    let query = ListQuery(
      filter: filter,
      order: order,
      position: try position(ofPage: request.pageToken, purpose),
      limit: min(size, ServiceLimits.pageSizeMax)
    )
    try await context.reserve(Self.answerBytes(query.limit))
    let page = try await stored { () async throws(RepositoryError) in
      try await repository.list(query)
    }
    var rest = ListCustomersResponse()
    if let next = page.next {
      let store = repository.storeID
      rest.nextPageToken = PageToken.text(store: store, position: next, purpose: purpose)
    }
    rest.totalSize = Int32(clamping: page.totalCount)
    rest.totalSizeIsMinimum = query.position == nil && page.totalIsMinimum
    rest.resumeToken = resumeToken(page.sequence)
    return await RecordList.response(page.records, rest: rest)
  }

  package func searchCustomers(
    _ request: SearchCustomersRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<SearchCustomersResponse> {
    guard request.limit >= 0 else {
      throw RPCError(refusing: "limit", "\(request.limit) is negative")
    }
    let query: SearchQuery
    do throws(SearchQueryError) {
      query = try SearchQuery(request.query)
    } catch {
      throw RPCError(refusing: "query", "\(error)")
    }
    let limit = request.limit == 0 ? ServiceLimits.searchLimitDefault : Int(request.limit)
    let foundMax = min(limit, ServiceLimits.searchLimitMax)
    try await context.reserve(Self.answerBytes(foundMax))
    let records = try await stored { () async throws(RepositoryError) in
      try await repository.search(query, limit: foundMax)
    }
    return await RecordList.response(records, rest: SearchCustomersResponse())
  }

  package func batchGetCustomers(
    _ request: BatchGetCustomersRequest,
    _ context: CallContext
  ) async throws(RPCError) -> Encoded<BatchGetCustomersResponse> {
    let count = request.customerIDs.count
    guard count <= ServiceLimits.batchIDsMax else {
      throw RPCError(
        refusing: "customerIds",
        "\(count) ids is over the limit of \(ServiceLimits.batchIDsMax)"
      )
    }
    var ids: [String] = []
    for (index, id) in request.customerIDs.enumerated() {
      ids.append(try normalID(id, field: "customerIds[\(index)]"))
    }
    let bytesMax = StoreLimit.batchBytesMax + StoreLimit.recordBytesMax
    try await context.reserve(min(ids.count * StoreLimit.recordBytesMax, bytesMax))
    let records = try await stored { () async throws(RepositoryError) in
      try await repository.records(ids)
    }
    return await RecordList.response(records, rest: BatchGetCustomersResponse())
  }

  package func exportCustomers(
    _ request: ExportCustomersRequest,
    _ responses: ResponseWriter<ExportCustomersResponse>,
    _ context: CallContext
  ) async throws {
    let filter = try Self.filter(request.filter)
    let beginning = try await stored { () async throws(RepositoryError) in
      try repository.beginExport()
    }
    var position: ExportPosition? = beginning
    while let current = position {
      try await context.reserve(Self.answerBytes(Self.exportChunkSize))
      let chunk = try await stored { () async throws(RepositoryError) in
        try await repository.export(current, filter, limit: Self.exportChunkSize)
      }
      position = chunk.next
      var rest = ExportCustomersResponse()
      if position == nil { rest.resumeToken = resumeToken(beginning.sequence) }
      try await responses.send(await RecordList.response(chunk.records, rest: rest))
    }
  }

  /// The bytes of some records in one answer, at most: the store ends it with the record that
  /// passes its own limit.
  static func answerBytes(_ count: Int) -> Int {
    min(count * StoreLimit.recordBytesMax, StoreLimit.chunkBytesMax + StoreLimit.recordBytesMax)
  }

  private func position(
    ofPage token: String,
    _ purpose: String
  ) throws(RPCError) -> ListPosition? {
    if token.isEmpty { return nil }
    let position = PageToken.position(token, store: repository.storeID, purpose: purpose)
    if let position { return position }
    var error = RPCError(
      refusing: "pageToken",
      "is not one of this store for this filter and order"
    )
    error.attach(reason: .pageTokenInvalid)
    throw error
  }

  private static func filter(_ text: String) throws(RPCError) -> CustomerFilter {
    do throws(FilterError) {
      return try CustomerFilter(text: text)
    } catch {
      throw RPCError(error)
    }
  }
}
