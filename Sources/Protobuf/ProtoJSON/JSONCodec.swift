package import ProtoWire

/// Turns encoded messages of one type into proto3 JSON, and JSON into encoded messages.
///
/// The type is known by its descriptor only, so the codec serves any message. Source: protobuf's
/// ProtoJSON page.
package struct WireJSON: Sendable {
  /// The types that the message refers to, and those that an `Any` in it may hold.
  package let schema: SchemaPool

  /// The message's type.
  package let type: MessageDescriptor

  /// Creates a codec.
  ///
  /// - Throws: ``SchemaError/unknownType(name:)`` if the schema has no message of that full name.
  package init(_ messageName: String, in schema: SchemaPool) throws(SchemaError) {
    guard let type = schema.message(named: messageName) else {
      throw .unknownType(name: messageName)
    }
    self.schema = schema
    self.type = type
  }

  /// Returns the JSON of an encoded message, in UTF-8 and without a line break at its end.
  ///
  /// Members come in the order of the field numbers, map entries in the order of their keys.
  ///
  /// - Throws: ``JSONWriteError`` if the bytes are no message or have no JSON form.
  package func json(
    of wire: Span<UInt8>,
    _ options: JSONWriteOptions = JSONWriteOptions()
  ) throws(JSONWriteError) -> [UInt8] {
    var writer = WireToJSON(schema: schema, options: options)
    // Names and quotes about double a record.
    writer.text.bytes.reserveCapacity(wire.count * 2)
    try writer.message(type, wire)
    return writer.text.bytes
  }

  /// Returns the encoded message that a JSON text stands for.
  ///
  /// Fields come in the order of their numbers, map entries in the order of their keys; fields
  /// without presence are left out at their default.
  ///
  /// Around the value nothing but white space may stand.
  ///
  /// - Throws: ``JSONReadError`` with the line, the column and the path of what is wrong.
  package func wire(
    ofJSON json: [UInt8],
    _ options: JSONReadOptions = JSONReadOptions()
  ) throws(JSONReadError) -> [UInt8] {
    var reader = JSONToWire(schema: schema, options: options, text: json)
    do {
      try reader.wholeText(type)
    } catch {
      throw JSONReadError(error, text: json, start: options.start)
    }
    return reader.wire.bytes
  }
}

/// Turns messages of one generated type into proto3 JSON and back.
package struct JSONCodec<Message: WireMessage>: Sendable {
  /// The codec of the encoded messages.
  package let encoded: WireJSON

  /// Creates a codec from the descriptor that the generated type carries.
  ///
  /// Reading the descriptor takes some 200 µs: make a codec once, not once a message. The types
  /// are further files whose messages a `google.protobuf.Any` may hold.
  ///
  /// - Throws: ``SchemaError`` if a descriptor is not what `schemac` writes.
  package init(_: Message.Type = Message.self, types: [SchemaFile] = []) throws(SchemaError) {
    let schema = try SchemaPool([Message.schema] + types)
    encoded = try WireJSON(Message.messageName, in: schema)
  }

  /// Returns a message's JSON, in UTF-8 and without a line break at its end.
  ///
  /// - Throws: ``JSONWriteError`` if the message has no JSON form.
  package func json(
    of message: borrowing Message,
    _ options: JSONWriteOptions = JSONWriteOptions()
  ) throws(JSONWriteError) -> [UInt8] {
    try encoded.json(of: message.encoded().span, options)
  }

  /// Returns the message that a JSON text stands for.
  ///
  /// - Throws: ``JSONReadError`` with the line, the column and the path of what is wrong.
  package func message(
    ofJSON json: [UInt8],
    _ options: JSONReadOptions = JSONReadOptions()
  ) throws(JSONReadError) -> Message {
    let wire = try encoded.wire(ofJSON: json, options)
    do {
      return try Message(decoding: wire)
    } catch {
      throw JSONReadError(.wire(error), position: options.start)
    }
  }
}
