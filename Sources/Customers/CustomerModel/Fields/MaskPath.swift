/// A part of a customer that an update's mask can name.
enum MaskPath: Hashable {
  /// A field, whole.
  case field(CustomerField)

  /// One attribute: everything after the path's first dot, dots and quotes included.
  case attribute(String)

  /// Reads a path, whose field is written as in the schema or as in JSON.
  ///
  /// - Throws: ``MaskPathError`` if it names nothing that can be written.
  init(_ path: String) throws(MaskPathError) {
    // Not characters: a mark that a name begins with would be one with the dot.
    let name = String(path.unicodeScalars.prefix { $0 != "." && $0 != "[" })
    let rest = path.unicodeScalars.dropFirst(name.unicodeScalars.count)
    guard let field = CustomerField(name: name) else { throw .unknown(path) }
    switch field.content {
    case .id, .version, .time: throw rest.isEmpty ? .serverSet(path) : .unknown(path)
    case _ where rest.isEmpty: self = .field(field)
    case .phones, .addresses: throw .insideList(path, list: field.jsonName)
    case .attributes where rest.first == "." && rest.count > 1:
      self = .attribute(String(rest.dropFirst()))
    case .attributes, .text: throw .unknown(path)
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
