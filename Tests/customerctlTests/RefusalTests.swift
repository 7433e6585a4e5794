import Arguments
import CustomerClient
import ServiceInMemory
import Testing

@testable import customerctl

/// What is said of what isn't there, or can't be understood.
@Suite struct RefusalTests {
  private let id = "0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"

  // MARK: Versions that aren't there

  @Test func aVersionThatIsNotThereIsToldFromACustomerThatIsNot() async throws {
    let service = try ServiceInMemory()
    _ = try await TestRun(["create", "customerId=\(id)", "firstName=Ann"], service: service)
    _ = try await TestRun(["update", id, "firstName=Anna"], service: service)
    let line = "customerctl: customer \(id) has no version 99: its newest is 2"
    let one = try await TestRun(["get", "\(id)@99"], service: service)
    #expect(one.status == 3)
    #expect(one.errors == [line])
    let several = try await TestRun(["get", "\(id)@1", "\(id)@99", "-o", "id"], service: service)
    #expect(several.status == 3)
    #expect(several.errors == [line])
    #expect(several.output == "\(id)\n")
    _ = try await TestRun(["delete", id], service: service)
    let deleted = try await TestRun(["get", "\(id)@99"], service: service)
    #expect(deleted.status == 3)
    #expect(
      deleted.errors == [
        "customerctl: customer \(id) has no version 99: it was deleted at version 3"
      ]
    )
  }

  // MARK: Arguments that are no text

  @Test func anArgumentThatIsNoTextIsNamed() throws {
    let texts = try ProcessArguments.texts([Array("create".utf8), Array("a=é".utf8)], command: "c")
    #expect(texts == ["create", "a=é"])
    let error = #expect(throws: UsageError.self) {
      try ProcessArguments.texts(
        [Array("create".utf8), Array("firstName=".utf8) + [0xFF, 0x0A]],
        command: "customerctl"
      )
    }
    #expect(error?.message == #"argument 2 is no UTF-8: 'firstName=\xFF\x0A'"#)
  }
}
