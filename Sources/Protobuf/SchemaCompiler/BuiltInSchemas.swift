/// The well-known types, so that a schema can import them wherever it is compiled.
///
/// Names and numbers are protobuf's, the words are ours.
package enum BuiltInSchemas {
  /// The paths of the files that are built in.
  package static var paths: [String] { sources.keys.sorted() }

  /// The text of a file that is built in.
  package static func source(of path: String) -> [UInt8]? { sources[path].map { Array($0.utf8) } }

  private static let sources = [
    "google/protobuf/any.proto": any,
    "google/protobuf/duration.proto": duration,
    "google/protobuf/empty.proto": empty,
    "google/protobuf/field_mask.proto": fieldMask,
    "google/protobuf/struct.proto": structure,
    "google/protobuf/timestamp.proto": timestamp,
    "google/protobuf/wrappers.proto": wrappers,
  ]

  private static let any = """
    syntax = "proto3";
    package google.protobuf;

    // A message of any type, with the name of its type.
    message Any {
      // A URL whose last part is the message's full name, such as
      // "type.googleapis.com/customers.v1.Customer".
      string type_url = 1;

      // The encoded message.
      bytes value = 2;
    }
    """

  private static let duration = """
    syntax = "proto3";
    package google.protobuf;

    // A span of time, to the nanosecond.
    message Duration {
      // The whole seconds, at most 315,576,000,000 either way, which is 10,000 years.
      int64 seconds = 1;

      // The rest in nanoseconds, less than a second; its sign is that of the seconds.
      int32 nanos = 2;
    }
    """

  private static let empty = """
    syntax = "proto3";
    package google.protobuf;

    // A message without fields, for calls that ask or answer nothing.
    message Empty {}
    """

  private static let fieldMask = """
    syntax = "proto3";
    package google.protobuf;

    // A set of fields.
    message FieldMask {
      // The fields' paths: names as the schema writes them, joined by points.
      repeated string paths = 1;
    }
    """

  private static let structure = """
    syntax = "proto3";
    package google.protobuf;

    // A JSON object.
    message Struct {
      // The object's members.
      map<string, Value> fields = 1;
    }

    // A JSON value.
    message Value {
      // The value; a message without one is in error.
      oneof kind {
        // JSON's null.
        NullValue null_value = 1;

        // A number.
        double number_value = 2;

        // A text.
        string string_value = 3;

        // True or false.
        bool bool_value = 4;

        // An object.
        Struct struct_value = 5;

        // An array.
        ListValue list_value = 6;
      }
    }

    // JSON's null as a type of one value.
    enum NullValue {
      // JSON's null.
      NULL_VALUE = 0;
    }

    // A JSON array.
    message ListValue {
      // The array's elements.
      repeated Value values = 1;
    }
    """

  private static let timestamp = """
    syntax = "proto3";
    package google.protobuf;

    // A point in time, to the nanosecond.
    message Timestamp {
      // The seconds since 1970-01-01T00:00:00Z, from the year 1 to the year 9999.
      int64 seconds = 1;

      // The rest in nanoseconds, 0 to 999,999,999; it counts forward before 1970 too.
      int32 nanos = 2;
    }
    """

  private static let wrappers = """
    syntax = "proto3";
    package google.protobuf;

    // A double that can be absent.
    message DoubleValue {
      // The number.
      double value = 1;
    }

    // A float that can be absent.
    message FloatValue {
      // The number.
      float value = 1;
    }

    // An int64 that can be absent.
    message Int64Value {
      // The number.
      int64 value = 1;
    }

    // A uint64 that can be absent.
    message UInt64Value {
      // The number.
      uint64 value = 1;
    }

    // An int32 that can be absent.
    message Int32Value {
      // The number.
      int32 value = 1;
    }

    // A uint32 that can be absent.
    message UInt32Value {
      // The number.
      uint32 value = 1;
    }

    // A bool that can be absent.
    message BoolValue {
      // True or false.
      bool value = 1;
    }

    // A string that can be absent.
    message StringValue {
      // The text.
      string value = 1;
    }

    // Bytes that can be absent.
    message BytesValue {
      // The bytes.
      bytes value = 1;
    }
    """
}
