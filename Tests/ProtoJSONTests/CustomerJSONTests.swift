import CustomerModel
import ProtoJSON
import ProtoWire
import Testing
import WellKnownTypes

/// The customer in the form of the sample object (the mission's document, section 5).
@Suite struct CustomerJSONTests {
  private let codec: JSONCodec<Customer>

  init() throws { codec = try JSONCodec(Customer.self) }

  private var customer: Customer {
    var phone = PhoneNumber()
    phone.key = "k1"
    phone.type = PhoneNumber.Kind(rawValue: 2)
    phone.country = "AU"
    phone.numberLocal = "0491 570 006"
    phone.numberInternational = "+61491570006"
    var address = Address()
    address.key = "k2"
    address.address1 = "1 George St"
    address.suburb = "Brisbane"
    address.postcode = "4000"
    address.state = "QLD"
    address.country = "AU"
    var customer = Customer()
    customer.customerID = "c1"
    customer.version = 18_446_744_073_709_551_615
    customer.firstName = "Zoë"
    customer.phones = [phone]
    customer.addresses = [address]
    customer.attributes = ["tier": "gold", "": "\u{1F600}\u{7}"]
    return customer
  }

  /// Written by hand: the sample's keys in the sample's order, its version a string, both kinds of
  /// empty list, no times while they are unset.
  private let pretty = #"""
    {
      "customerId": "c1",
      "version": "18446744073709551615",
      "firstName": "Zoë",
      "lastName": "",
      "displayName": "",
      "emailAddress": "",
      "phones": [
        {
          "key": "k1",
          "type": "Mobile",
          "country": "AU",
          "numberLocal": "0491 570 006",
          "numberInternational": "+61491570006"
        }
      ],
      "addresses": [
        {
          "key": "k2",
          "address1": "1 George St",
          "address2": "",
          "suburb": "Brisbane",
          "postcode": "4000",
          "state": "QLD",
          "country": "AU"
        }
      ],
      "attributes": {
        "": "😀\u0007",
        "tier": "gold"
      }
    }
    """#

  @Test func hasTheFormOfTheSampleObject() throws {
    let json = try codec.json(of: customer, JSONWriteOptions(.pretty))
    #expect(String(decoding: json, as: UTF8.self) == pretty)
    #expect(try codec.message(ofJSON: json) == customer)
  }

  @Test func anEmptyCustomerShowsAllFieldsWithoutPresence() throws {
    let json = try codec.json(of: Customer())
    #expect(
      String(decoding: json, as: UTF8.self)
        == #"{"customerId":"","version":"0","firstName":"","lastName":"","displayName":"","#
        + #""emailAddress":"","phones":[],"addresses":[],"attributes":{}}"#
    )
    #expect(try codec.message(ofJSON: json) == Customer())
  }

  @Test func timesAreShownWhenTheyAreSet() throws {
    var customer = Customer()
    customer.createTime = Timestamp()
    let options = JSONWriteOptions(writesFieldsWithoutPresence: false)
    let json = try codec.json(of: customer, options)
    #expect(String(decoding: json, as: UTF8.self) == #"{"createTime":"1970-01-01T00:00:00Z"}"#)
    #expect(try codec.message(ofJSON: json) == customer)
  }

  /// The generated code writes fields in the order of their numbers and map entries in that of
  /// their keys; reading members in another order must give the same bytes.
  @Test func bytesAreThoseOfTheGeneratedCode() throws {
    let json = #"""
      {"attributes": {"tier": "gold", "": "\ud83d\ude00\u0007"},
       "addresses": [{"country": "AU", "state": "QLD", "postcode": "4000", "suburb": "Brisbane",
                      "address2": "", "address1": "1 George St", "key": "k2"}],
       "phones": [{"number_international": "+61491570006", "number_local": "0491 570 006",
                   "type": 2, "key": "k1", "country": "AU"}],
       "email_address": null, "first_name": "Zo\u00eb", "version": 18446744073709551615,
       "customerId": "c1", "createTime": null}
      """#
    #expect(try codec.encoded.wire(ofJSON: Array(json.utf8)) == customer.encoded())
  }
}
