import CustomerModel
import ProtoJSON
import ProtoWire

/// Customers and the daemon's other answers as JSON, in the form of the document's sample object.
package enum CustomerJSON {
  /// Reads one customer that is a whole text.
  ///
  /// - Returns: The customer, and the names of the members that stood there.
  /// - Throws: What is wrong, with line, column and path.
  package static func customer(
    fromText bytes: [UInt8]
  ) throws(FieldError) -> (customer: Customer, members: [String]) {
    let customer = try read(bytes, start: .start)
    return (customer, JSONMembers(bytes).members.map(\.name))
  }

  /// Reads a row of an import; the members that a file of rejected rows has on top are left out.
  static func customer(fromRow element: JSONElement) throws(FieldError) -> Customer {
    let names = JSONMembers(element.bytes).members.map(\.name)
    guard names.contains(where: ColumnMapping.reportColumns.contains) else {
      return try read(
        element.bytes,
        start: TextPosition(line: element.line, column: element.column)
      )
    }
    let object = JSONMembers.object(element.bytes, without: ColumnMapping.reportColumns)
    return try read(object, start: TextPosition(line: element.line, column: element.column))
  }

  /// Reads attributes that are an object of texts.
  static func attributes(fromText text: String) throws(FieldError) -> WireMap<String, String> {
    let bytes = Array("{\"attributes\":\(text)}".utf8)
    guard let read = try? customer(fromText: bytes), read.members == ["attributes"] else {
      throw FieldError(field: "attributes", reason: "is not a JSON object of texts")
    }
    return read.customer.attributes
  }

  /// Whether the bytes are an object in well-formed JSON, whatever its members.
  static func isObject(_ bytes: [UInt8]) -> Bool {
    let options = JSONReadOptions(ignoresUnknownFields: true)
    do {
      _ = try codec(GetStatusRequest.self).message(ofJSON: bytes, options)
      return true
    } catch {
      return false
    }
  }

  /// A message in one line.
  ///
  /// - Throws: If the message holds a time that no calendar has.
  package static func compact(_ message: some WireMessage) throws(JSONWriteError) -> String {
    try text(message, JSONWriteOptions(.compact))
  }

  /// A message with a member a line.
  ///
  /// - Throws: If the message holds a time that no calendar has.
  package static func pretty(_ message: some WireMessage) throws(JSONWriteError) -> String {
    try text(message, JSONWriteOptions(.pretty))
  }

  private static func read(
    _ bytes: [UInt8],
    start: TextPosition
  ) throws(FieldError) -> Customer {
    do throws(JSONReadError) {
      return try customers.message(ofJSON: bytes, JSONReadOptions(start: start))
    } catch {
      let place = "\(error.position)"
      throw FieldError(
        field: error.path.isEmpty ? "" : "\(error.path)",
        reason: "\(place): \(error.reason.text)"
      )
    }
  }

  private static func text<Message: WireMessage>(
    _ message: Message,
    _ options: JSONWriteOptions
  ) throws(JSONWriteError) -> String {
    let codec = customers as? JSONCodec<Message> ?? codec(Message.self)
    return String(decoding: try codec.json(of: message, options), as: UTF8.self)
  }

  /// Made once: reading the schema takes longer than reading a customer.
  private static let customers = codec(Customer.self)

  private static func codec<Message: WireMessage>(_: Message.Type) -> JSONCodec<Message> {
    do {
      return try JSONCodec()
    } catch {
      preconditionFailure("the schema built into this program is broken: \(error)")
    }
  }
}
