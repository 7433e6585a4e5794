import Arguments
import CustomerModel
import ServiceInMemory
import Testing

@testable import customerctl

@Suite struct CustomerNameTests {
  private static let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  @Test(
    arguments: [
      (id, .id(id), 0),
      (id.uppercased(), .id(id), 0),
      ("\(id)@3", .id(id), 3),
      ("0193", .beginning("0193"), 0),
      ("0193A5", .beginning("0193a5"), 0),
      ("0193a5c0-7d", .beginning("0193a5c0-7d"), 0),
      ("0193a5c07d1e7c", .beginning("0193a5c0-7d1e-7c"), 0),
      ("0193a5c07d1e7c3a9f002b6f6c1d4e55", .beginning(id), 0),
      ("0193@2", .beginning("0193"), 2),
      ("ann@example.com", .emailAddress("ann@example.com"), 0),
      ("ann@example.com@2", .emailAddress("ann@example.com"), 2),
      ("a@b@example.com", .emailAddress("a@b@example.com"), 0),
      ("019", .other("019"), 0),
      ("ann", .other("ann"), 0),
      ("ann@3", .other("ann"), 3),
      ("0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e556", .other("0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e556"), 0),
      ("0193-", .other("0193-"), 0),
      ("", .other(""), 0),
    ] as [(String, CustomerName.Kind, UInt64)]
  )
  func readsIdsBeginningsAndAddresses(
    _ text: String,
    _ kind: CustomerName.Kind,
    _ version: UInt64
  )
    throws
  {
    let name = try CustomerName(text)
    #expect(name.kind == kind)
    #expect(name.version == version)
  }

  @Test(arguments: ["\(id)@", "\(id)@x", "\(id)@0", "0193@0", "\(id)@99999999999999999999", "@1"])
  func behindAnIdStandsAVersion(_ text: String) {
    let failure = Failure("'\(text)' is no id: behind @ stands a version", .usage)
    #expect(throws: failure) { try CustomerName(text) }
  }

  /// Three customers, two of them with one address.
  private func filled() async throws -> ServiceInMemory {
    var customers: [Customer] = []
    for (id, name, address) in [
      ("0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55", "Ann Lee", "ann@example.com"),
      ("0193a5c0-9999-7c3a-9f00-2b6f6c1d4e55", "Bob Ray", "both@example.com"),
      ("0293b000-7d1e-7c3a-9f00-2b6f6c1d4e55", "Cy\u{1B}[2J", "both@example.com"),
    ] {
      var customer = Customer(displayName: name, emailAddress: address)
      customer.customerID = id
      customer.version = 1
      customers.append(customer)
    }
    let service = try ServiceInMemory()
    try await service.put(customers)
    return service
  }

  @Test(arguments: [false, true])
  func anAddressOrABeginningNamesACustomerWhereverAnIdDoes(_ hasEmptyPages: Bool) async throws {
    for name in ["ann@example.com", "ANN@example.com", "0193a5c0-7", "0193a5c07D"] {
      let service = try await filled()
      if hasEmptyPages { service.giveEmptyPages() }
      for verb in [["get"], ["update", "firstName=A"], ["describe"], ["history"], ["delete"]] {
        let arguments = [verb[0], name] + verb.dropFirst()
        let run = try await TestRun(arguments, service: service)
        #expect(run.status == 0, "\(arguments): \(run.errors)")
      }
      let last = try await service.changes().last
      #expect(last?.kind == .deleted && last?.customer?.customerID == Self.id)
    }
  }

  @Test func aWholeIdIsTakenWithoutAsking() async throws {
    let run = try await TestRun(["get", Self.id.uppercased()], service: filled())
    #expect(run.service.requests == ["get \(Self.id) 0"])
  }

  @Test func severalOfOneNameAreListed() async throws {
    let run = try await TestRun(["get", "both@example.com"], service: filled())
    #expect(run.status == 4)
    #expect(
      run.errors == [
        "customerctl: 'both@example.com' names 2 customers: say which by its id",
        "customerctl:   0193a5c0-9999-7c3a-9f00-2b6f6c1d4e55 (Bob Ray)",
        #"customerctl:   0293b000-7d1e-7c3a-9f00-2b6f6c1d4e55 (Cy\u{1B}[2J)"#,
      ]
    )
  }

  @Test func moreThanAreListedAreSaidToBeMore() async throws {
    let service = try ServiceInMemory()
    try await service.put(
      (0...Session.namesakesToldMax).map {
        Customer(customerID: "0193a5c0-7d1e-7c3a-9f00-00000000000\($0)")
      }
    )
    let run = try await TestRun(["get", "0193a5"], service: service)
    #expect(run.status == 4)
    #expect(run.errors.count == 1 + Session.namesakesToldMax)
    #expect(
      run.errors[0] == "customerctl: '0193a5' names more than 5 customers: say which by its id"
    )
  }

  @Test(arguments: [
    (
      "0555",
      [
        "customerctl: no customer's id begins with 0555",
        "customerctl: one that was deleted is named by its whole id",
      ]
    ),
    (
      "nobody@example.com",
      [
        "customerctl: no customer has the e-mail address nobody@example.com",
        "customerctl: one that was deleted is named by its whole id",
      ]
    ),
    (
      "Lee@example.com",
      [
        "customerctl: no customer has the e-mail address Lee@example.com",
        "customerctl: one that was deleted is named by its whole id",
        "customerctl: perhaps one of these is meant:",
        "customerctl:   \(id) (Ann Lee)",
      ]
    ),
    (
      "Ray",
      [
        "customerctl: no customer Ray",
        "customerctl: a customer is named by its id, the first 4 digits of it or more, "
          + "or its e-mail address",
        "customerctl: perhaps one of these is meant:",
        "customerctl:   0193a5c0-9999-7c3a-9f00-2b6f6c1d4e55 (Bob Ray)",
      ]
    ),
  ])
  func oneThatIsUnknownComesWithAdvice(_ name: String, _ lines: [String]) async throws {
    for verb in ["get", "delete", "restore", "history", "edit", "describe", "watch"] {
      let run = try await TestRun([verb, name], service: filled())
      #expect(run.status == 3)
      #expect(run.errors == lines, "\(verb)")
    }
  }

  @Test(arguments: ["history", "watch", "edit"])
  func whatIsAboutAllVersionsTakesNone(_ verb: String) async throws {
    let run = try await TestRun([verb, "\(Self.id)@2"])
    #expect(run.status == 2)
    #expect(run.errors == ["customerctl: '\(Self.id)@2': '\(verb)' takes no version"])
  }

  @Test(arguments: ["a\"b@example.com", "a\\b@example.com", "ann@*"])
  func nothingTypedBecomesPartOfAFilter(_ address: String) async throws {
    let run = try await TestRun(["get", address], service: filled())
    #expect(run.status == 3)
    #expect(run.service.requests.isEmpty)
  }
}
