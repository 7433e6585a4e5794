internal import ProtoWire
internal import WellKnownTypes

// The field numbers are those of the files in `google/protobuf/`; the pool has checked the shapes.

extension WireToJSON {
  /// Writes a `google.protobuf.Any`: its message's members after one that names the type, or its
  /// value where the message has a JSON form of its own.
  mutating func any(_ bytes: Span<UInt8>) throws(JSONWriteError) {
    var url = ""
    var content = 0..<0
    do {
      var reader = WireReader(bytes)
      while case let tag = try reader.nextTag(), tag != 0 {
        switch tag {
        case 10: url = try reader.string()
        case 18: content = try reader.byteRange()
        default: try reader.skip(tag)
        }
      }
    } catch {
      throw JSONWriteError(.wire(error))
    }
    text.open("{")
    if !url.isEmpty || !content.isEmpty {
      guard let type = schema.message(inURL: url) else {
        throw JSONWriteError(.unknownType(url: url))
      }
      text.member(quoted: "\"@type\"".utf8)
      text.string(url)
      try enter()
      if type.form == nil {
        try members(type, bytes.extracting(content))
      } else {
        text.member(quoted: "\"value\"".utf8)
        try message(type, bytes.extracting(content))
      }
      leave()
    }
    text.close("}")
  }

  /// Writes a `google.protobuf.Timestamp` as RFC 3339 has it, in UTC.
  mutating func timestamp(_ bytes: Span<UInt8>) throws(JSONWriteError) {
    let (seconds, nanos) = try secondsAndNanos(bytes)
    guard let timestamp = Timestamp(seconds: seconds, nanos: nanos).rfc3339 else {
      throw JSONWriteError(.timestampOutOfRange(seconds: seconds, nanos: nanos))
    }
    text.quoted(timestamp)
  }

  /// Writes a `google.protobuf.Duration` as seconds with a fraction.
  mutating func duration(_ bytes: Span<UInt8>) throws(JSONWriteError) {
    let (seconds, nanos) = try secondsAndNanos(bytes)
    guard let duration = DurationText.text(seconds: seconds, nanos: nanos) else {
      throw JSONWriteError(.durationOutOfRange(seconds: seconds, nanos: nanos))
    }
    text.quoted(duration)
  }

  private func secondsAndNanos(
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) -> (seconds: Int64, nanos: Int32) {
    var seconds: Int64 = 0
    var nanos: Int32 = 0
    do {
      var reader = WireReader(bytes)
      while case let tag = try reader.nextTag(), tag != 0 {
        switch tag {
        case 8: seconds = Int64(bitPattern: try reader.varint())
        case 16: nanos = Int32(truncatingIfNeeded: try reader.varint())
        default: try reader.skip(tag)
        }
      }
    } catch {
      throw JSONWriteError(.wire(error))
    }
    return (seconds, nanos)
  }

  /// Writes a `google.protobuf.FieldMask`: its paths in JSON's names, with commas between them.
  mutating func fieldMask(_ bytes: Span<UInt8>) throws(JSONWriteError) {
    var paths: [String] = []
    do {
      var reader = WireReader(bytes)
      while case let tag = try reader.nextTag(), tag != 0 {
        if tag == 10 { paths.append(try reader.string()) } else { try reader.skip(tag) }
      }
    } catch {
      throw JSONWriteError(.wire(error))
    }
    var mask = ""
    for (index, path) in paths.enumerated() {
      guard let jsonPath = FieldMaskText.jsonPath(of: path) else {
        throw JSONWriteError(.fieldMaskPath(path)).inside(element: index)
      }
      mask += (index > 0 ? "," : "") + jsonPath
    }
    text.string(mask)
  }

  /// Writes a `google.protobuf.Value` as what it holds; one that holds nothing is null.
  mutating func value(
    _ type: MessageDescriptor,
    _ bytes: Span<UInt8>
  ) throws(JSONWriteError) {
    let base = try collect(type, bytes)
    let end = occurrences.count
    if base == end {
      text.raw("null")
    } else {
      let field = type.fields[occurrences[base].field]
      if field.type == .double, !Double(bitPattern: occurrences[end - 1].bits).isFinite {
        throw JSONWriteError(.valueNotFinite)
      }
      try single(field, base..<end, bytes)
    }
    occurrences.removeAll(from: base)
  }
}

extension SchemaPool {
  /// The message type that a type's URL names: what follows the last slash.
  func message(inURL url: String) -> MessageDescriptor? {
    let slash = url.utf8.lastIndex(of: UInt8(ascii: "/"))
    return message(named: slash.map { String(url[url.utf8.index(after: $0)...]) } ?? url)
  }
}
