/// Field paths in the names of the schema (`first_name`) and in those of JSON (`firstName`).
///
/// Source: the comment in `google/protobuf/field_mask.proto`, "JSON Encoding of Field Masks".
enum FieldMaskText {
  /// Returns the path in JSON's names, or `nil` if it would not read back as the same path.
  static func jsonPath(of path: String) -> String? {
    var result: [UInt8] = []
    var isAfterUnderscore = false
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): return nil
      case UInt8(ascii: "_"):
        if isAfterUnderscore { return nil }
        isAfterUnderscore = true
      case UInt8(ascii: "a")...UInt8(ascii: "z") where isAfterUnderscore:
        result.append(byte - 0x20)
        isAfterUnderscore = false
      default:
        // A comma would read back as two paths.
        if isAfterUnderscore || byte == UInt8(ascii: ",") { return nil }
        result.append(byte)
      }
    }
    return isAfterUnderscore ? nil : String(decoding: result, as: UTF8.self)
  }

  /// Returns the path in the schema's names, or `nil` if it has an underscore.
  static func path(ofJSON path: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    for byte in path {
      switch byte {
      case UInt8(ascii: "_"): return nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        result.append(UInt8(ascii: "_"))
        result.append(byte + 0x20)
      default: result.append(byte)
      }
    }
    return result
  }
}
