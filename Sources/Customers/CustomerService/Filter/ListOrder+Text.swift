internal import CustomerModel
internal import CustomerStore
internal import ProtoWire
internal import TTRPC

extension ListOrder {
  /// What a list can be ordered by.
  static let supported = "lastName, emailAddress, updateTime, each also with ' desc'"

  /// The longest order, in bytes of UTF-8.
  static let bytesMax = 200

  /// Reads an order (google.aip.dev/132, "Ordering"): a field, and `desc` for the last first.
  ///
  /// The empty text is the order of creation. Behind `lastName` the names that follow anyway may be
  /// named.
  init(text: String) throws(RPCError) {
    guard text.utf8.count <= Self.bytesMax else {
      let description = "\(text.utf8.count) bytes is over the limit of \(Self.bytesMax)"
      throw RPCError(refusing: "orderBy", description)
    }
    let fields = text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split { $0.unicodeScalars.allSatisfy { $0.properties.isWhitespace } }.map(String.init)
    }
    if fields == [[]] {
      self = .creation
      return
    }
    let names = fields.map { $0.first ?? "" }
    let directions = Set(fields.map { $0.dropFirst().first ?? "asc" })
    let isDescending = directions == ["desc"]
    guard fields.allSatisfy({ (1...2).contains($0.count) }), directions.count == 1,
      directions.isSubset(of: ["asc", "desc"]), let key = Key(names)
    else {
      let known = "'\(text)' is not supported; supported are: \(Self.supported)"
      var error = RPCError(refusing: "orderBy", known)
      error.attach(reason: .orderNotSupported, ["supported": Self.supported])
      throw error
    }
    self = .by(key, isDescending: isDescending)
  }
}

extension ListOrder.Key {
  fileprivate init?(_ names: [String]) {
    switch names {
    case ["lastName"], ["last_name"], ["lastName", "firstName"], ["last_name", "first_name"],
      ["lastName", "firstName", "displayName"], ["last_name", "first_name", "display_name"]:
      self = .lastName
    case ["emailAddress"], ["email_address"]: self = .emailAddress
    case ["updateTime"], ["update_time"]: self = .updateTime
    default: return nil
    }
  }
}
