/// A part of a customer that an update's mask can name.
enum CustomerField: Hashable {
  case firstName
  case lastName
  case displayName
  case emailAddress
  case phones
  case addresses
  case attributes

  /// One attribute: everything after the path's first dot, dots and quotes included.
  case attribute(String)

  /// Reads a path, whose field is written as in the schema or as in JSON.
  ///
  /// - Throws: ``MaskPathError`` if it names nothing that can be written.
  init(path: String) throws(MaskPathError) {
    switch path {
    case "first_name", "firstName": self = .firstName
    case "last_name", "lastName": self = .lastName
    case "display_name", "displayName": self = .displayName
    case "email_address", "emailAddress": self = .emailAddress
    case "phones": self = .phones
    case "addresses": self = .addresses
    case "attributes": self = .attributes
    case "customer_id", "customerId", "version", "create_time", "createTime", "update_time",
      "updateTime":
      throw .serverSet(path)
    case "attributes.": throw .unknown(path)
    case _ where path.hasPrefix("attributes."):
      self = .attribute(String(path.dropFirst("attributes.".count)))
    case _ where path.hasPrefix("phones.") || path.hasPrefix("phones["):
      throw .insideList(path, list: "phones")
    case _ where path.hasPrefix("addresses.") || path.hasPrefix("addresses["):
      throw .insideList(path, list: "addresses")
    default: throw .unknown(path)
    }
  }
}

/// Why a mask's path names nothing that can be written.
enum MaskPathError: Error, Hashable {
  /// No field has the name.
  case unknown(String)

  /// Only the server sets the field.
  case serverSet(String)

  /// Lists are replaced whole.
  case insideList(String, list: String)
}

extension MaskPathError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unknown(let path): "'\(Text.shown(path))' names no field of a customer"
    case .serverSet(let path): "'\(Text.shown(path))' is set by the server only"
    case .insideList(let path, let list):
      "'\(Text.shown(path))' is inside a list, which is replaced whole: the path is '\(list)'"
    }
  }
}
