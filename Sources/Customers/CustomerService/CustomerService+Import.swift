package import CustomerModel
internal import CustomerStore
internal import ProtoWire
package import TTRPC
internal import WellKnownTypes

// Imports: each message is checked, written in as many transactions as let others through, and
// answered, a result a row.

extension CustomerService {
  package func importCustomers(
    _ requests: RequestStream<ImportCustomersRequest>,
    _ responses: ResponseWriter<ImportCustomersResponse>,
    _ context: CallContext
  ) async throws {
    guard let first = try await requests.next() else { return }
    let mode = try importMode(first.mode)
    let match = try importMatch(first.match)
    var message: ImportCustomersRequest? = first
    while let current = message {
      let stamp = source.stamp(context)
      let (results, causes) = try await importRows(current.customers, mode, match, stamp)
      for cause in causes { await responses.report(cause: cause) }
      var response = ImportCustomersResponse()
      response.results = results
      try await responses.send(response)
      message = try await requests.next()
    }
  }

  private func importRows(
    _ customers: [Customer],
    _ mode: ImportMode,
    _ match: ImportMatch,
    _ stamp: WriteStamp
  ) async throws(RPCError) -> (results: [ImportCustomersResponse.Result], causes: Set<String>) {
    guard customers.count <= Self.importRowsMax else {
      throw RPCError(
        .invalidArgument,
        "message of \(customers.count) customers is over the limit of \(Self.importRowsMax)"
      )
    }
    var results = [ImportCustomersResponse.Result](repeating: .init(), count: customers.count)
    var rows: [ImportRow] = []
    var places: [Int] = []
    for (index, customer) in customers.enumerated() {
      do throws(InvalidCustomer) {
        // What was a record before keeps having no display name, if it had none.
        let wasRecord = customer.version != 0 || customer.updateTime != nil
        let write = wasRecord ? CustomerWrite.update : .create
        let normal = try customer.validated(for: write, makeKey: source.makeID)
        rows.append(
          ImportRow(
            customer: normal.withoutKeysMissing(in: customer),
            newID: source.makeID().description
          )
        )
        places.append(index)
      } catch {
        results[index].error = RPCError(error).status
        results[index].customerID = customer.customerID
      }
    }
    let makeKey = source.makeID
    let written = try await stored { () async throws(RepositoryError) in
      try await repository.importRows(rows, mode: mode, match: match, stamp) { row, current in
        let patch = row.customer.withKeys(of: current, makeKey: makeKey)
        guard let current else { return patch }
        return try current.updated(by: patch, mask: .everything, makeKey: makeKey)
      }
    }
    var causes: Set<String> = []
    for (place, outcome) in zip(places, written) {
      results[place] = Self.result(outcome, id: customers[place].customerID)
      if case .failure(let error) = outcome, let cause = RPCError(ofRow: error).logged {
        causes.insert(cause)
      }
    }
    Self.limitViolations(of: &results)
    return (results, causes)
  }

  /// Leaves away the list of broken rules, of which the message names the first, from the row on
  /// with which the lists pass ``importViolationBytesMax``.
  ///
  /// The valid rows of the message are written by now, and a response that fits must say so.
  private static func limitViolations(of results: inout [ImportCustomersResponse.Result]) {
    var rest = importViolationBytesMax
    for place in results.indices {
      guard let details = results[place].error?.details else { continue }
      let isViolation = { (detail: ProtoAny) in
        detail.typeURL.hasSuffix("/" + BadRequest.messageName)
      }
      rest -= details.reduce(0) { $0 + (isViolation($1) ? $1.value.count : 0) }
      if rest < 0 { results[place].error?.details.removeAll(where: isViolation) }
    }
  }

  private static func result(
    _ outcome: Result<WrittenRecord, RepositoryError>,
    id: String
  ) -> ImportCustomersResponse.Result {
    var result = ImportCustomersResponse.Result()
    switch outcome {
    case .success(let written):
      result.customerID = written.id
      result.version = written.version
      switch written.outcome {
      case .created: result.outcome = .created
      case .updated, .deleted: result.outcome = .updated
      case .unchanged: result.outcome = .unchanged
      }
    case .failure(let error):
      result.customerID = id
      result.error = RPCError(ofRow: error).statusOfPart
      guard case .versionMismatch(let id, let version, _) = error else { break }
      result.customerID = id
      result.version = version
    }
    return result
  }

  private func importMode(_ mode: ImportCustomersRequest.Mode) throws(RPCError) -> ImportMode {
    switch mode {
    case .upsert: return .upsert
    case .create: return .create
    case .validate: return .validate
    default: throw RPCError(.invalidArgument, "mode \(mode.rawValue) is not one of this version")
    }
  }

  private func importMatch(_ match: String) throws(RPCError) -> ImportMatch {
    switch match {
    case "": return .none
    case "emailAddress", "email_address": return .emailAddress
    default:
      let prefix = "attributes."
      if match.hasPrefix(prefix), match.count > prefix.count {
        return .attribute(String(match.dropFirst(prefix.count)))
      }
      var error = RPCError(
        .invalidArgument,
        "match is neither emailAddress nor attributes.NAME"
      )
      error.attach(reason: .matchNotSupported)
      throw error
    }
  }
}

extension FieldMask {
  /// The mask that replaces a record.
  fileprivate static var everything: FieldMask {
    var mask = FieldMask()
    mask.paths = ["*"]
    return mask
  }
}
