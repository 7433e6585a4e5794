import CommandLineTestSupport
import CustomerModel
import Foundation
import ProtoWire
import ServiceInMemory
import TestSupport
import Testing
import WellKnownTypes

@testable import CustomerFormats
@testable import customerctl

/// `-o vcard`.
@Suite struct VCardVerbTests {
  private func sample() throws -> Customer {
    var customer = try CustomerJSON.customer(fromText: testData("sample-object.json")).customer
    var time = Timestamp()
    time.seconds = 1_769_860_799
    time.nanos = 500_000_000
    customer.updateTime = time
    return customer
  }

  private func export(
    _ customers: [Customer],
    _ verb: [String] = ["export"]
  ) async throws -> TestRun {
    let service = try ServiceInMemory()
    try await service.put(customers)
    return try await TestRun(verb + ["-o", "vcard"], service: service)
  }

  /// Written down by RFC 6350 (3.3, 6.2.1, 6.2.2, 6.3.1, 6.4.1, 6.4.2, 6.7.4, 6.7.6).
  @Test func theSampleObjectIsACard() async throws {
    let card = """
      BEGIN:VCARD
      VERSION:4.0
      UID:urn:uuid:0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55
      FN:John Smith
      N:Smith;John;;;
      EMAIL:john.smith@simplestore.io
      TEL;VALUE=uri;TYPE=cell:tel:+61491570006
      ADR:;;1 Queen Street,Level 2;Brisbane City;QLD;4000;AU
      X-ATTRIBUTE;X-NAME=tier:gold
      REV:20260131T115959Z
      END:VCARD

      """.replacing("\n", with: "\r\n")
    let sample = try sample()
    #expect(try await export([sample]).output == card)
    var other = sample
    other.customerID = "0193a5c0-7d1e-7c3a-9f00-000000000002"
    let both = card + card.replacing(sample.customerID, with: other.customerID)
    #expect(try await export([sample, other], ["list"]).output == both)
    #expect(try await export([sample], ["get", sample.customerID]).output == card)
    #expect(try await export([]).output.isEmpty)
  }

  @Test(arguments: [["status"], ["delete", "x", "--yes"], ["import", "x.csv"]])
  func otherVerbsPrintNone(_ verb: [String]) async throws {
    let run = try await TestRun(verb + ["-o", "vcard"])
    #expect(run.status == 2 && run.service.requests.isEmpty)
    #expect(
      run.errors.first?.hasPrefix(
        "customerctl: -o vcard writes customers, and \(verb[0]) prints none"
      ) == true
    )
  }

  /// vobject, an independent reader, finds every text of every card.
  @Test(.enabled(if: ExternalTool.isPythonExpected(with: "vobject")))
  func vobjectReadsEveryCard() async throws {
    var source = NastyCustomers(using: SeededGenerator.announced())
    let customers = try (0..<100).map { _ in try source.next() }
    let output = try python(
      """
      import json, sys, vobject
      def texts(address):
          street = address.street
          return [street if isinstance(street, list) else [street] if street else [],
                  address.city, address.region, address.code, address.country]
      def card(v):
          name = getattr(v, 'n', None)
          return {'version': v.version.value, 'uid': v.uid.value, 'fn': v.fn.value,
                  'name': [name.value.family, name.value.given] if name else ['', ''],
                  'tel': [t.value for t in v.contents.get('tel', [])],
                  'adr': [texts(a.value) for a in v.contents.get('adr', [])],
                  'rev': v.rev.value,
                  'attributes': [[a.params['X-NAME'][0], a.value]
                                 for a in v.contents.get('x-attribute', [])]}
      text = sys.stdin.buffer.read().decode()
      print(json.dumps([card(v) for v in vobject.readComponents(text)]))
      """,
      Array(try await export(customers).output.utf8)
    )
    let cards = try JSONDecoder().decode([Card].self, from: Data(output.utf8))
    #expect(cards.count == customers.count)
    for (card, customer) in zip(cards, customers) {
      let expected = Card(customer)
      #expect(card.fn == expected.fn && card.name == expected.name)
      #expect(card.tel == expected.tel)
      #expect(card.adr == expected.adr)
      #expect(card.attributes.count == expected.attributes.count)
      for (found, attribute) in zip(card.attributes, expected.attributes) {
        #expect(found == attribute)
      }
      #expect(
        [card.version, card.uid, card.rev] == [expected.version, expected.uid, expected.rev]
      )
    }
  }
}

/// What Python tells of a card.
private struct Card: Decodable, Equatable {
  var version: String
  var uid: String
  var fn: String
  var name: [String]
  var tel: [String]
  var adr: [[Component]]
  var rev: String
  var attributes: [[String]]

  enum Component: Decodable, Equatable {
    case text(String)
    case list([String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let list = try? container.decode([String].self) {
        self = .list(list)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  /// What it should tell of a customer.
  init(_ customer: Customer) {
    version = "4.0"
    uid = "urn:uuid:" + customer.customerID
    let names = [customer.firstName, customer.lastName].filter { !$0.isEmpty }
    fn = customer.displayName.isEmpty ? names.joined(separator: " ") : customer.displayName
    name = [customer.lastName, customer.firstName]
    tel = customer.phones.compactMap { phone in
      if !phone.numberInternational.isEmpty { return "tel:" + phone.numberInternational }
      return phone.numberLocal.isEmpty ? nil : phone.numberLocal
    }
    adr = customer.addresses.compactMap { address in
      let street = [address.address1, address.address2].filter { !$0.isEmpty }
      let rest = [address.suburb, address.state, address.postcode, address.country]
      if street.isEmpty, rest.allSatisfy(\.isEmpty) { return nil }
      return [.list(street)] + rest.map { .text($0) }
    }
    let digits = customer.updateTime?.rfc3339?.filter { $0 != "-" && $0 != ":" } ?? ""
    rev = digits.prefix(15) + "Z"
    attributes = customer.attributes.map { entry in
      // RFC 6868, which vobject leaves to its callers.
      let name = entry.key.unicodeScalars.map { scalar in
        scalar == "^" ? "^^" : scalar == "\"" ? "^'" : String(scalar)
      }
      return [name.joined(), entry.value]
    }
  }
}
