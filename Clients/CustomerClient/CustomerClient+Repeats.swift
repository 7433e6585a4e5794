internal import CustomerAPI
internal import Host
internal import TTRPC

// Writes that are made again when their answer was lost, and may meet themselves then.
//
// The id of a creation is made before it is sent, and a change rests on a version: what the second
// attempt runs into tells whether it is the first one's doing.

extension CustomerClient {
  /// Creates a customer; the second attempt finds its own id taken.
  ///
  /// - Parameters:
  ///   - customer: The customer; an empty id is made here.
  ///   - options: Of the call, which is repeatable if the id is made here.
  /// - Returns: The customer as it was stored, at version 1.
  /// - Throws: What the call ends with.
  func created(
    _ customer: Customer,
    _ options: CallOptions
  ) async throws(RPCError) -> Customer {
    guard customer.customerID.isEmpty else {
      return try await customerService.createCustomer(.init(customer: customer), options)
    }
    var named = customer
    named.customerID = Self.makeID().description
    var options = options
    options.isIdempotent = true
    do {
      return try await customerService.createCustomer(.init(customer: named), options)
    } catch {
      // Nobody else knows the id.
      guard error.code == .alreadyExists, error.isRepeated else { throw error }
      let request = GetCustomerRequest(customerID: named.customerID, version: 1)
      return try await rereading(error) { () async throws(RPCError) in
        try await customerService.getCustomer(request, options)
      }
    }
  }

  /// Changes a customer; the second attempt finds the version after the one that it rests on, or a
  /// later one if the change may be merged.
  func updated(
    _ request: UpdateCustomerRequest,
    _ options: CallOptions
  ) async throws(RPCError) -> Customer {
    do {
      return try await customerService.updateCustomer(request, options)
    } catch {
      guard error.code == .aborted, error.isRepeated, let sent = request.customer,
        let current = error.detail(Customer.self),
        request.allowMerge || current.version == sent.version + 1,
        current.isUnchanged(by: sent, mask: request.updateMask)
      else { throw error }
      return current
    }
  }

  /// Deletes a customer; the second attempt finds it gone.
  ///
  /// - Returns: The version of the deletion.
  /// - Throws: What the call ends with.
  func deleted(
    _ request: DeleteCustomerRequest,
    _ options: CallOptions
  ) async throws(RPCError) -> UInt64 {
    do {
      return try await customerService.deleteCustomer(request, options).version
    } catch {
      guard error.code == .notFound, error.isRepeated,
        error.detail(ErrorInfo.self)?.metadata["deletedAtVersion"] == "\(request.version + 1)"
      else { throw error }
      return request.version + 1
    }
  }

  /// Reads what a write left; where that fails, the write's own error stands.
  private func rereading<Value>(
    _ failure: RPCError,
    _ read: () async throws(RPCError) -> Value
  ) async throws(RPCError) -> Value {
    do throws(RPCError) {
      return try await read()
    } catch {
      throw failure
    }
  }

  /// Makes the id of a new customer.
  package static func makeID() -> CustomerID {
    UUIDv7Generator.id(
      milliseconds: UInt64(max(SystemClock.microseconds(), 0)) / 1000,
      randomHigh: .random(in: 0...UInt64.max),
      randomLow: .random(in: 0...UInt64.max)
    )
  }
}

extension RPCError {
  /// Whether the call was made more than once, or failed so that it may have been carried out.
  fileprivate var isRepeated: Bool { outcome != .neverBegun && outcome != .undone }
}

extension Customer {
  /// Whether a change has nothing left to do, because it is done.
  fileprivate func isUnchanged(by patch: Customer, mask: FieldMask?) -> Bool {
    // A new phone or address would have a key of its own: then it can't be told.
    let made = UUIDv7Generator.id(milliseconds: 0, randomHigh: 0, randomLow: 0)
    return (try? updated(by: patch, mask: mask, makeKey: { made })) == self
  }
}
