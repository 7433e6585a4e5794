import Arguments
import CustomerClient
import CustomerModel

/// Makes customers.
enum Create {
  static let customer = Positional(
    repeating: "FIELD=VALUE",
    .text,
    help: "what the customer has, such as firstName=Ann; - reads one customer as JSON"
  )

  static let command = Command(
    "create",
    summary: "creates a customer and prints it",
    examples: [
      .init("customerctl create firstName=Ann emailAddress=ann@example.com"),
      .init("customerctl create phones+=Mobile:AU:0491570006 'addresses[0].suburb=Perth'"),
      .init("customerctl create - < customer.json"),
    ],
    options: [SharedOptions.dryRun, SharedOptions.noHints, SharedOptions.fields],
    positionals: [customer]
  )
}

extension Session {
  /// `create FIELD=VALUE…`, `create -`.
  func create() async throws -> ExitStatus {
    let texts = invocation[Create.customer]
    var customer: Customer
    if texts == ["-"] {
      customer = try readCustomer().customer
    } else {
      customer = Customer()
      try apply(try assignments(texts), to: &customer)
    }
    if invocation[SharedOptions.dryRun] { return try await showCreation(of: customer) }
    let created = try await client.create(customer)
    try printOne(created)
    try await tellHints(about: created)
    return .success
  }
}
