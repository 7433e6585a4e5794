import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel

/// Prints all customers.
enum Export {
  static let command = Command(
    "export",
    summary: "prints customers as they are at one moment",
    examples: [
      .init("customerctl export > customers.json"),
      .init("customerctl export -o ndjson | grep Brisbane"),
      .init(#"customerctl export --filter 'addresses.postcode = "4000"' -o csv"#),
      .init("customerctl export --excel > customers.csv"),
      .init("customerctl export -o vcard > customers.vcf"),
    ],
    discussion: """
      Prints JSON unless --output says otherwise, on a terminal too. import reads
      json, ndjson, csv and tsv back exactly. In tables nothing at all is no value
      and "" an attribute's empty one; names of attributes past the first 500 share
      the column attributes, as JSON.

      --excel begins with a byte order mark, and puts an apostrophe before what a
      spreadsheet would take for a number, a date or a formula, in a cell or behind
      a semicolon in it. In a file that begins so, import takes them away again.

      -o vcard is vCard 4.0. Attributes called company, organisation, jobTitle,
      role, note, notes, nickname, url, website, birthday or dateOfBirth are ORG,
      TITLE, ROLE, NOTE, NICKNAME, URL and BDAY; another is X-ATTRIBUTE with its
      name as the parameter X-NAME.
      """,
    options: [SharedOptions.filter, SharedOptions.excel, SharedOptions.fields]
  )
}

extension Session {
  /// `export [--filter F]`.
  func export() async throws -> ExitStatus {
    // A copy of the store, not something to look at: the exact form unless another is named.
    var printer = try printer(invocation[SharedOptions.output] ?? .json, frame: .export)
    var messages = client.export(filter: invocation[SharedOptions.filter] ?? "").makeAsyncIterator()
    var resumeToken = ""
    var hasBegun = false
    while true {
      let message = try await messages.next()
      // Only now is it known that the daemon answers: nothing is printed before.
      if !hasBegun { try printer.begin() }
      hasBegun = true
      guard let message else { break }
      try printer.add(message.customers)
      if !message.resumeToken.isEmpty { resumeToken = message.resumeToken }
    }
    try printer.end(resumeToken: resumeToken)
    return .success
  }
}
