package import ProtoWire

/// Why an encoded message has no JSON form.
package struct JSONWriteError: Error, Hashable, Sendable {
  /// What is wrong with the message.
  package enum Reason: Hashable, Sendable {
    /// The bytes are no message; the offset counts from the start of the message at the path.
    case wire(WireError)

    /// The seconds or nanoseconds of a time are out of the range of years 1 to 9999.
    case timestampOutOfRange(seconds: Int64, nanos: Int32)

    /// The seconds or nanoseconds of a duration are out of range, or differ in sign.
    case durationOutOfRange(seconds: Int64, nanos: Int32)

    /// A path whose name in the schema can't be told from its name in JSON.
    case fieldMaskPath(String)

    /// A number in a `google.protobuf.Value` that JSON has no number for.
    case valueNotFinite

    /// An `Any` that holds a message of a type that isn't in the schema.
    case unknownType(url: String)
  }

  /// What is wrong.
  package var reason: Reason

  /// The value that it is wrong with.
  package var path = FieldPath()

  init(_ reason: Reason) { self.reason = reason }

  /// The same error, seen from the message around.
  func inside(member name: String) -> JSONWriteError {
    var error = self
    error.path.enter(member: name)
    return error
  }

  /// The same error, seen from the list around.
  func inside(element index: Int) -> JSONWriteError {
    var error = self
    error.path.enter(element: index)
    return error
  }
}

extension JSONWriteError: CustomStringConvertible {
  package var description: String { path.isEmpty ? reason.text : "\(path): \(reason.text)" }
}

extension JSONWriteError.Reason {
  /// The reason in words.
  package var text: String {
    switch self {
    case .wire(let error): "\(error)"
    case .timestampOutOfRange(let seconds, let nanos):
      "time of \(seconds) seconds and \(nanos) nanoseconds is out of range"
    case .durationOutOfRange(let seconds, let nanos):
      "duration of \(seconds) seconds and \(nanos) nanoseconds is out of range"
    case .fieldMaskPath(let path): "field path \(Excerpt.quoted(path)) has no JSON form"
    case .valueNotFinite: "value is not a finite number"
    case .unknownType(let url): "type \(Excerpt.quoted(url)) is not known"
    }
  }
}
