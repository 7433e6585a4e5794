internal import CustomerAPI
internal import TTRPC

extension CustomerClient {
  /// Adds a customer.
  ///
  /// - Parameters:
  ///   - customer: The new customer. An empty id is filled in before it is sent, so that the call can
  ///     be repeated when its answer is lost; empty keys of phones and addresses by the daemon.
  ///   - timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: The customer as it was stored, at version 1.
  /// - Throws: ``CustomerError/alreadyExists(message:customerID:)``,
  ///   ``CustomerError/invalid(message:violations:)`` and what any call can throw.
  public func create(
    _ customer: Customer,
    timeout: Duration? = nil
  ) async throws(CustomerError) -> Customer {
    let options = try unary(timeout, isIdempotent: false)
    return try await translating { () async throws(RPCError) in
      try await created(customer, options)
    }
  }

  /// Reads a customer.
  ///
  /// - Parameters:
  ///   - id: The customer's id.
  ///   - version: A past version; 0 = the latest.
  ///   - timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: The customer.
  /// - Throws: ``CustomerError/notFound(message:deletedAtVersion:)`` and what any call can throw.
  public func get(
    _ id: String,
    version: UInt64 = 0,
    timeout: Duration? = nil
  ) async throws(CustomerError) -> Customer {
    let options = try unary(timeout, isIdempotent: true)
    return try await translating(isReading: true) { () async throws(RPCError) in
      let request = GetCustomerRequest(customerID: id, version: version)
      return try await customerService.getCustomer(request, options)
    }
  }

  /// Changes a customer.
  ///
  /// - Parameters:
  ///   - customer: The new values. Its id names the customer, its version is the one that the change
  ///     rests on; 0 = whatever it is now.
  ///   - mask: The fields to change; `nil` = those that are set, `*` = all.
  ///   - allowMissing: Whether the customer is added if it isn't there, or was deleted.
  ///   - allowMerge: Whether it is changed although others wrote since that version, if they changed
  ///     nothing of the same.
  ///   - timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: The customer as it was stored. A change that changes nothing keeps the version.
  /// - Throws: ``CustomerError/conflict(message:current:)``,
  ///   ``CustomerError/notFound(message:deletedAtVersion:)``,
  ///   ``CustomerError/invalid(message:violations:)`` and what any call can throw.
  public func update(
    _ customer: Customer,
    mask: FieldMask? = nil,
    allowMissing: Bool = false,
    allowMerge: Bool = false,
    timeout: Duration? = nil
  ) async throws(CustomerError) -> Customer {
    // Doing it twice writes once, where it rests on a version: that moves on with the first time.
    let options = try unary(timeout, isIdempotent: customer.version > 0)
    return try await translating { () async throws(RPCError) in
      let request = UpdateCustomerRequest(
        customer: customer,
        updateMask: mask,
        allowMissing: allowMissing,
        allowMerge: allowMerge
      )
      return try await updated(request, options)
    }
  }

  /// Deletes a customer; its past versions can still be read.
  ///
  /// - Parameters:
  ///   - id: The customer's id.
  ///   - version: The version that the deletion rests on; 0 = whatever it is now.
  ///   - erase: Whether all past versions go as well, for good.
  ///   - timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: The version of the deletion.
  /// - Throws: ``CustomerError/notFound(message:deletedAtVersion:)``,
  ///   ``CustomerError/conflict(message:current:)`` and what any call can throw.
  @discardableResult
  public func delete(
    _ id: String,
    version: UInt64 = 0,
    erase: Bool = false,
    timeout: Duration? = nil
  ) async throws(CustomerError) -> UInt64 {
    // What is erased leaves nothing that tells who did it.
    let options = try unary(timeout, isIdempotent: version > 0 && !erase)
    let request = DeleteCustomerRequest(customerID: id, version: version, erase: erase)
    return try await translating { () async throws(RPCError) in
      try await deleted(request, options)
    }
  }

  /// Reads a page of customers; ``customers(filter:orderBy:pageSize:)`` reads them all.
  ///
  /// - Parameters:
  ///   - pageSize: How many at most; 0 = 100, more than 1000 is 1000.
  ///   - pageToken: The `nextPageToken` of the page before, made with the same filter and order;
  ///     empty = the first page.
  ///   - filter: Conditions joined by `AND`, such as `lastName = "smi*" AND attributes.tier = "gold"`.
  ///   - orderBy: Such as `lastName` or `updateTime desc`; empty = the order of creation.
  ///   - timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: The page.
  /// - Throws: ``CustomerError/invalid(message:violations:)`` for a filter, an order or a token that
  ///   isn't one, and what any call can throw.
  public func list(
    pageSize: Int32 = 0,
    pageToken: String = "",
    filter: String = "",
    orderBy: String = "",
    timeout: Duration? = nil
  ) async throws(CustomerError) -> ListCustomersResponse {
    var request = ListCustomersRequest()
    request.pageSize = pageSize
    request.pageToken = pageToken
    request.filter = filter
    request.orderBy = orderBy
    return try await list(request, timeout: timeout)
  }

  /// The same with a request that is made already.
  package func list(
    _ request: ListCustomersRequest,
    timeout: Duration? = nil
  ) async throws(CustomerError) -> ListCustomersResponse {
    let options = try unary(timeout, isIdempotent: true)
    return try await translating(isReading: true) { () async throws(RPCError) in
      try await customerService.listCustomers(request, options)
    }
  }

  /// Reads customers by their ids.
  ///
  /// More than a call can carry are read by several.
  ///
  /// - Parameters:
  ///   - ids: The customers' ids.
  ///   - timeout: How long to wait for each call; `nil` = ``Options/timeout``.
  /// - Returns: The customers in the order of the ids; those that aren't there are left out.
  /// - Throws: What any call can throw.
  public func batchGet(
    _ ids: [String],
    timeout: Duration? = nil
  ) async throws(CustomerError) -> [Customer] {
    var customers: [Customer] = []
    var rest = ids[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(ServiceLimits.batchIDsMax))
      let request = BatchGetCustomersRequest(customerIDs: part)
      rest = rest.dropFirst(ServiceLimits.batchIDsMax)
      let options = try unary(timeout, isIdempotent: true)
      customers += try await translating(isReading: true) { () async throws(RPCError) in
        try await customerService.batchGetCustomers(request, options)
      }.customers
    }
    return customers
  }

  /// Finds customers by words or parts of names, e-mail addresses, phone digits and addresses.
  ///
  /// - Parameters:
  ///   - query: What to find; capitals and accents don't matter.
  ///   - limit: How many at most; 0 = 20, more than 100 is 100.
  ///   - timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: The customers, the best match first.
  /// - Throws: What any call can throw.
  public func search(
    _ query: String,
    limit: Int32 = 0,
    timeout: Duration? = nil
  ) async throws(CustomerError) -> [Customer] {
    let options = try unary(timeout, isIdempotent: true)
    return try await translating(isReading: true) { () async throws(RPCError) in
      let request = SearchCustomersRequest(query: query, limit: limit)
      return try await customerService.searchCustomers(request, options)
    }.customers
  }

  /// Asks for the state of the daemon's store.
  ///
  /// - Parameter timeout: How long to wait; `nil` = ``Options/timeout``.
  /// - Returns: What an operator asks.
  /// - Throws: What any call can throw.
  public func status(timeout: Duration? = nil) async throws(CustomerError) -> StoreStatus {
    let options = try unary(timeout, isIdempotent: true)
    return try await translating(isReading: true) { () async throws(RPCError) in
      try await storeService.getStatus(GetStatusRequest(), options)
    }
  }
}
