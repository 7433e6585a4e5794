import CustomerModel
import ProtoWire
import WellKnownTypes

extension ServiceInMemory {
  /// What was asked for through ``client``, a line each: `get ID VERSION`, `update PATHS`.
  package var requests: [String] { channel.passages.compactMap(\.line) }

  /// Forgets what was asked for.
  package func forgetRequests() { channel.forgetPassages() }
}

extension StagedChannel.Passage {
  /// What goes in, in a line; nil where nothing does.
  fileprivate var line: String? {
    switch exchange {
    case .receiving: return nil
    case .closing: return "finish"
    case .opening where method == "ImportCustomers": return "import"
    case .sending where method == "ImportCustomers":
      return read { (request: ImportCustomersRequest) in
        "send \(request.mode.rawValue) '\(request.match)' \(request.customers.count)"
      }
    case .sending: return "send \(message.count)"
    case .unary, .opening: return requestLine
    }
  }

  private var requestLine: String? {
    switch method {
    case "CreateCustomer": "create"
    case "GetCustomer":
      read { (request: GetCustomerRequest) in "get \(request.customerID) \(request.version)" }
    case "UpdateCustomer":
      read { (request: UpdateCustomerRequest) in
        let paths = request.updateMask?.paths.joined(separator: ",") ?? ""
        return "update \(paths)\(request.allowMissing ? " allow-missing" : "")"
      }
    case "DeleteCustomer":
      read { (request: DeleteCustomerRequest) in
        "delete \(request.customerID) \(request.version)\(request.erase ? " erase" : "")"
      }
    case "ListCustomers":
      read { (request: ListCustomersRequest) in
        "list \(request.pageSize) '\(request.filter)' '\(request.orderBy)'"
      }
    case "SearchCustomers":
      read { (request: SearchCustomersRequest) in "search '\(request.query)' \(request.limit)" }
    case "BatchGetCustomers":
      read { (request: BatchGetCustomersRequest) in "batchGet \(request.customerIDs.count)" }
    case "ExportCustomers":
      read { (request: ExportCustomersRequest) in "export '\(request.filter)'" }
    case "WatchCustomers": read(Self.watchLine)
    case "UpdateSettings":
      read { (request: UpdateSettingsRequest) in
        "set \(request.updateMask?.paths.joined(separator: ",") ?? "")"
      }
    case "GetSettings": "settings"
    case "GetStatus": "status"
    case "BackUpStore": "backUp"
    default: "\(method) \(message.count)"
    }
  }

  private static func watchLine(_ request: WatchCustomersRequest) -> String {
    let token = request.resumeToken
    let start = token.isEmpty ? (request.fromStart ? "oldest" : "now") : "token \(token)"
    return "watch \(start) '\(request.customerID)'\(request.stopAtEnd ? " stop" : "")"
  }

  private func read<Message: WireMessage>(_ line: (Message) -> String) -> String? {
    (try? Message(decoding: message)).map(line)
  }
}
