import Testing

@testable import SchemaCompiler

@Suite struct SwiftNamesTests {
  @Test(arguments: [
    ("customer_id", "customerID"), ("customer_ids", "customerIDs"), ("id", "id"),
    ("type_url", "typeURL"), ("url_path", "urlPath"), ("mixedCase", "mixedCase"),
    ("UPPER_CASE", "upperCase"), ("UpperCamel", "upperCamel"), ("URLPath", "urlPath"),
    ("a1_2b", "a12b"), ("_leading", "leading"), ("__", "underscore"), ("_1", "n1"),
    ("self", "selfField"), ("wire_size", "wireSizeField"), ("default", "default"),
  ])
  func namesProperties(_ name: String, _ expected: String) {
    #expect(SwiftNames.property(name) == expected)
  }

  @Test(arguments: [
    ("Customer", "Customer"), ("phone_type", "PhoneType"), ("Any", "ProtoAny"),
    ("Type", "ProtoType"), ("String", "ProtoString"), ("customer_id", "CustomerID"),
  ])
  func namesTypes(_ name: String, _ expected: String) {
    #expect(SwiftNames.type(name) == expected)
  }

  @Test(arguments: [
    ("PHONE_TYPE_MOBILE", "PhoneType", "mobile"), ("Unknown", "Kind", "unknown"),
    ("KIND_1ST", "Kind", "kind1st"), ("KINDLE", "Kind", "kindle"), ("KIND", "Kind", "kind"),
    ("DARK_BLUE", "Color", "darkBlue"), ("BAD_ID", "Reason", "badID"),
    ("SELF", "Kind", "selfValue"),
    ("INIT", "Kind", "initValue"), ("NONE", "Kind", "none"),
  ])
  func namesValues(_ name: String, _ enumeration: String, _ expected: String) {
    #expect(SwiftNames.enumValue(name, in: enumeration) == expected)
  }

  @Test(arguments: [
    ("google/rpc/error_details.proto", "ErrorDetailsSchema"),
    ("customers.proto", "CustomersSchema"),
    ("a-b.proto", "ABSchema"), ("1.proto", "N1Schema"),
  ])
  func namesFiles(_ path: String, _ expected: String) {
    #expect(SwiftNames.schema(of: path) == expected)
  }

  @Test(arguments: [
    (0, "0"), (123_456, "123456"), (1_234_567, "1_234_567"), (-2_147_483_648, "-2_147_483_648"),
  ])
  func groupsDigits(_ number: Int64, _ expected: String) {
    #expect(SwiftNames.literal(number) == expected)
  }

  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func encodesBase64(_ text: String, _ expected: String) {
    #expect(Base64.encode(Array(text.utf8)) == expected)
  }
}
