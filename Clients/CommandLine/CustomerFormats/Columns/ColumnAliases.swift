import CustomerModel

/// Heads of columns as other programs write them, and the field each means.
enum ColumnAliases {
  /// What a column's cells become.
  enum Meaning: Equatable {
    /// A field's text.
    case field(FieldPath)

    /// The beginning of a field's text, whose rest stands in another column.
    case beginning(FieldPath)

    /// The number of a phone of a type, at the next free place in the list.
    case phone(PhoneNumber.Kind)
  }

  /// The meaning of a head, if it is known; case, spaces and punctuation don't matter.
  static func meaning(of head: String) -> Meaning? {
    let letters = head.lowercased().filter { $0.isLetter || $0.isNumber }
    return meanings[letters]
  }

  private static let meanings: [String: Meaning] = {
    var meanings: [String: Meaning] = [:]
    for (meaning, names) in table {
      for name in names { meanings[name] = meaning }
    }
    return meanings
  }()

  private static let table: [(Meaning, [String])] = [
    (.field(.customerID), ["customerid"]),
    (.field(.version), ["version"]),
    (.field(.firstName), ["firstname", "givenname", "forename", "first", "christianname"]),
    (.field(.lastName), ["lastname", "surname", "familyname", "last"]),
    (.field(.displayName), ["displayname", "fullname", "name", "customername"]),
    (.field(.emailAddress), ["emailaddress", "email", "mail"]),
    (.phone(.phone), ["phone", "phonenumber", "telephone", "telephonenumber", "tel", "landline"]),
    (
      .phone(.mobile),
      ["mobile", "mobilephone", "mobilenumber", "cell", "cellphone", "cellular"]
    ),
    (.beginning(address(.address1)), ["streetnumber", "housenumber", "streetno"]),
    (
      .field(address(.address1)),
      ["address1", "addressline1", "address", "street", "streetaddress", "streetname"]
    ),
    (.field(address(.address2)), ["address2", "addressline2"]),
    (.field(address(.suburb)), ["suburb", "city", "town", "locality"]),
    (.field(address(.postcode)), ["postcode", "postalcode", "zip", "zipcode"]),
    (.field(address(.state)), ["state", "province", "region", "county", "stateprovince"]),
    (.field(address(.country)), ["country", "countrycode"]),
    (.field(.createTime), ["createtime"]),
    (.field(.updateTime), ["updatetime"]),
  ]

  private static func address(_ part: AddressPart) -> FieldPath { .address(0, part) }
}
