import CustomerModel
import ProtoWire
import Testing

@testable import CustomerStore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder of a test's own, removed when the last one who holds it lets go.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    var template = Array("/tmp/customer-store-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw TestFailure("mkdtemp: errno \(errno)") }
    path = String(cString: made)
  }

  deinit { _ = try? run(["rm", "-rf", path]) }

  var database: String { path + "/customers.db" }

  func options(_ storeID: String = "7b1c3b0e-5c0e-4a53-9d5e-1f0a6c1f2d3e") -> StoreOptions {
    StoreOptions(path: database, newStoreID: storeID)
  }
}

struct TestFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Runs a program and returns what it writes; throws unless it ends with 0.
@discardableResult
func run(_ arguments: [String], input: String? = nil) throws -> String {
  let quoted = arguments.map {
    "'"
      + $0.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }.joined(separator: " ")
  var command = quoted
  if let input {
    let escaped = input.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''")
    command = "printf '%s' '\(escaped)' | \(quoted)"
  }
  guard let pipe = popen(command + " 2>&1", "r") else { throw TestFailure("popen: \(errno)") }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 {
    bytes += buffer[..<count]
  }
  let text = String(decoding: bytes, as: UTF8.self)
  let status = pclose(pipe)
  guard status == 0 else { throw TestFailure("\(arguments[0]): status \(status): \(text)") }
  return text
}

/// Asks the `sqlite3` shell; lines without the last line break.
func shell(_ path: String, _ sql: String) throws -> [String] {
  try run(["sqlite3", "-batch", path, sql]).split(separator: "\n", omittingEmptySubsequences: false)
    .dropLast().map(String.init)
}

/// The id of the customer of a number, as a time-ordered UUID has it.
func testID(_ number: Int) -> String {
  let hexadecimal = String(number, radix: 16)
  let padded = String(repeating: "0", count: max(0, 12 - hexadecimal.count)) + hexadecimal
  return "\(padded.prefix(8))-\(padded.suffix(4))-7000-8000-000000000000"
}

/// A customer of about 450 bytes.
func testCustomer(_ number: Int) -> Customer {
  let first = ["Ann", "José", "Łukasz", "Møller", "Zoë", "Đorđe", "Ngọc", "Bob"][number % 8]
  let last = ["Smith", "O'Brien", "Müller", "Nguyễn", "Straße", "Jones"][number % 6]
  var customer = Customer()
  customer.customerID = testID(number)
  customer.firstName = first
  customer.lastName = last
  customer.displayName = "\(first) \(last)"
  customer.emailAddress = "user.\(number)@Example\(number % 7).com"
  var mobile = PhoneNumber()
  mobile.key = testID(number + 1_000_000)
  mobile.type = .mobile
  mobile.country = "AU"
  let digits = String(10_000_000 + number % 89_999_999)
  mobile.numberLocal = "04\(digits)"
  mobile.numberInternational = "+614\(digits)"
  customer.phones = [mobile]
  var address = Address()
  address.key = testID(number + 2_000_000)
  address.address1 = "\(number % 200) High Street"
  address.suburb = "Fortitude Valley"
  address.postcode = "\(4000 + number % 1000)"
  address.state = "QLD"
  address.country = "AU"
  customer.addresses = [address]
  customer.attributes["accountNumber"] = "ACC-\(number)"
  customer.attributes["tier"] = ["gold", "silver", "bronze"][number % 3]
  customer.attributes["note"] = "say \"hi\" \\ there"
  return customer
}

/// A stamp, a microsecond later for each number.
func testStamp(_ number: Int) -> WriteStamp {
  WriteStamp(
    timeMicroseconds: 1_767_225_600_000_000 + Int64(number),
    author: Author(userID: 1000, groupID: 100, processID: 42, program: "test")
  )
}

extension WrittenRecord {
  var customer: Customer { get throws { try Customer(decoding: record) } }
}

/// Expects a repository's error of exactly this text.
func expectRefusal<Value>(
  _ text: String,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Value
) async {
  do {
    let value = try await body()
    Issue.record("not refused: \(value)", sourceLocation: sourceLocation)
  } catch {
    #expect("\(error)" == text, sourceLocation: sourceLocation)
  }
}

/// Gives the processor away for a moment.
func pause() { usleep(200) }

/// Waits until all words are in the search index.
func waitForIndex(_ store: SQLiteRepository) async throws {
  for _ in 0..<2000 {
    if try await store.status().unindexedCount == 0 { return }
    try await Task.sleep(for: .milliseconds(10))
  }
  throw TestFailure("the index isn't filled after 20 seconds")
}

/// Has the SQLite shell check a closed store, and the search index against its own structure.
func expectIntegrity(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let answer = try shell(
    path,
    """
    PRAGMA integrity_check; PRAGMA user_version; PRAGMA application_id; PRAGMA journal_mode;
    INSERT INTO search(search) VALUES ('integrity-check');
    INSERT INTO terms(terms) VALUES ('integrity-check');
    SELECT count(*) = (SELECT value FROM meta WHERE name = 'customer_count') FROM customer;
    SELECT count(*) FROM customer c LEFT JOIN change h ON h.seq = c.change_seq
    WHERE h.rid IS NOT c.rid OR h.version IS NOT c.version;
    """
  )
  #expect(
    answer == ["ok", "\(Schema.migrations.count)", "\(0x4355_5354)", "wal", "1", "0"],
    sourceLocation: sourceLocation
  )
}
