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
    meanings[head.lowercased().filter { $0.isLetter || $0.isNumber }]
  }

  private static let meanings: [String: Meaning] = {
    var meanings: [String: Meaning] = [:]
    for field in CustomerField.allCases where !field.isCollection {
      meanings[field.jsonName.lowercased()] = .field(.field(field))
    }
    // An address alone is the first.
    for part in AddressPart.allCases where !part.isKey {
      meanings[part.rawValue] = .field(.address(0, part))
    }
    for (meaning, names) in table {
      for name in names { meanings[name] = meaning }
    }
    return meanings
  }()

  /// What others call it: the own names are those of the fields.
  private static let table: [(Meaning, [String])] = [
    (.field(.field(.firstName)), ["givenname", "forename", "first", "christianname"]),
    (.field(.field(.lastName)), ["surname", "familyname", "last"]),
    (.field(.field(.displayName)), ["fullname", "name", "customername"]),
    (.field(.field(.emailAddress)), ["email", "mail"]),
    (.phone(.phone), ["phone", "phonenumber", "telephone", "telephonenumber", "tel", "landline"]),
    (
      .phone(.mobile),
      ["mobile", "mobilephone", "mobilenumber", "cell", "cellphone", "cellular"]
    ),
    (.beginning(.address(0, .address1)), ["streetnumber", "housenumber", "streetno"]),
    (
      .field(.address(0, .address1)),
      ["addressline1", "address", "street", "streetaddress", "streetname"]
    ),
    (.field(.address(0, .address2)), ["addressline2"]),
    (.field(.address(0, .suburb)), ["city", "town", "locality"]),
    (.field(.address(0, .postcode)), ["postalcode", "zip", "zipcode"]),
    (.field(.address(0, .state)), ["province", "region", "county", "stateprovince"]),
    (.field(.address(0, .country)), ["countrycode"]),
  ]
}
