import Arguments
import CustomerAPI
import CustomerClient
import CustomerFormats
import CustomerModel

/// Prints customers.
enum Get {
  static let customers = Positional(
    repeating: "ID",
    .text,
    help: "which customers: ids, their beginnings or e-mail addresses; ID@VERSION is one as it was"
  )

  static let command = Command(
    "get",
    summary: "prints customers",
    examples: [
      .init("customerctl get 0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55"),
      .init("customerctl get ann@example.com --fields firstName,phones"),
      .init("customerctl get -o json 0193a5c0-7d1e-7c3a-9f00-2b6f6c1d4e55@2", "as it was"),
    ],
    options: [SharedOptions.fields],
    positionals: [customers]
  )
}

extension Session {
  /// `get ID[@VERSION]…`.
  func get() async throws -> ExitStatus {
    let texts = invocation[Get.customers]
    if let text = texts.first, texts.count == 1 {
      let name = try await find(text)
      do {
        try printOne(try await client.get(name.id, version: name.version))
      } catch let error as CustomerError {
        throw await missing(name, error)
      }
      return .success
    }
    // What can't be understood ends the run before anything is printed.
    for text in texts { _ = try CustomerName(text) }
    var printer = try printer(format, frame: .array)
    try printer.begin()
    var status = ExitStatus.success
    for part in texts.chunks(of: ServiceLimits.batchIDsMax) {
      let (names, trouble) = try await findEach(part)
      let (found, missing) = try await read(names)
      if status == .success { status = trouble }
      for failure in missing {
        report(failure)
        status = .notFound
      }
      try printer.add(found)
    }
    try printer.end()
    return status
  }

  /// Reads customers as they were named, and says of each other that it isn't there.
  private func read(
    _ names: [FoundName]
  ) async throws -> (found: [Customer], missing: [Failure]) {
    var found: [Customer] = []
    var missing: [Failure] = []
    guard names.contains(where: { $0.version != 0 }) else {
      if !names.isEmpty { found = try await client.batchGet(names.map(\.id)) }
      let ids = Set(found.map(\.customerID))
      for name in names where !ids.contains(name.id) {
        missing.append(Failure("no customer \(name.id)", .notFound))
      }
      return (found, missing)
    }
    for name in names {
      do {
        found.append(try await client.get(name.id, version: name.version))
      } catch {
        guard case .notFound = error else { throw error }
        missing.append(await self.missing(name, error))
      }
    }
    return (found, missing)
  }

  /// Says why a customer can't be read: it isn't there, or has no such version.
  private func missing(_ name: FoundName, _ error: CustomerError) async -> Failure {
    guard case .notFound = error, name.version != 0 else { return await failure(of: error) }
    var newest: UInt64?
    var rest = ""
    do throws(CustomerError) {
      newest = try await client.get(name.id).version
      rest = "its newest is \(newest ?? 0)"
    } catch {
      if case .notFound(_, let version?) = error {
        newest = version
        rest = "it was deleted at version \(version)"
      }
    }
    // Of a version that was there once, the daemon's own words say more.
    guard let newest, name.version > newest else { return await failure(of: error) }
    return Failure("customer \(name.id) has no version \(name.version): \(rest)", .notFound)
  }
}

extension Array {
  /// The elements in parts of a size; the last may be smaller.
  fileprivate func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
