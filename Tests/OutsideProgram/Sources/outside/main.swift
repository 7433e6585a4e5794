import CustomerClient

// What a program of somebody else does with the library, in the order of its documentation. It
// needs a daemon at $CUSTOMERS_SOCKET, or with `--without-daemon` none.

/// Makes every kind of call that a small program makes, and shows what it should see.
func useDaemon(_ client: CustomerClient) async throws {
  try await client.waitUntilReady()
  let ann = try await client.create(
    Customer(firstName: "Ann", lastName: "Lee", attributes: ["tier": "gold"])
  )
  let changed = try await client.update(ann.customerID) { $0.attributes["tier"] = "silver" }
  do {
    _ = try await client.update(ann)
  } catch .conflict(_, let current?) {
    print("conflict with version \(current.version)")
  }
  var count = 0
  for try await customer in client.customers() where customer.lastName == "Lee" { count += 1 }
  for try await message in client.export() { count += message.customers.count }
  try await client.delete(changed.customerID)
  do {
    _ = try await client.get(ann.customerID, timeout: .seconds(5))
  } catch .notFound(_, let version?) {
    print("deleted at version \(version), seen \(count) times")
  }
}

/// Shows the error of a daemon that isn't there.
func missDaemon(_ client: CustomerClient) async throws {
  do {
    _ = try await client.get("x", timeout: .seconds(1))
  } catch .unavailable(let message, outcome: .neverBegun) {
    print("unavailable: \(message)")
  }
}

let client = CustomerClient()
if CommandLine.arguments.contains("--without-daemon") {
  try await missDaemon(client)
} else {
  try await useDaemon(client)
}
