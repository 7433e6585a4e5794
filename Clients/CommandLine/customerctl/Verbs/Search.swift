import Arguments
import CustomerClient
import CustomerFormats
import Terminal

/// Finds customers by words.
enum Search {
  static let query = Positional(
    repeating: "QUERY",
    .text,
    help: "words or parts of names, e-mail addresses, addresses, digits of a phone"
  )
  static let limit = Option(
    "limit",
    short: "n",
    .integer(1...100),
    note: "20",
    help: "how many at most"
  )

  static let command = Command(
    "search",
    summary: "finds customers by words, the best match first",
    examples: [
      .init("customerctl search ann brisbane"),
      .init("customerctl search '0491 570'", "digits of a phone, however they are written"),
      .init("customerctl search smith --limit 5 -o id"),
    ],
    options: [limit, SharedOptions.fields, SharedOptions.noPager],
    positionals: [query]
  )
}

extension Session {
  /// `search QUERY… [--limit N]`.
  func search() async throws -> ExitStatus {
    let query = invocation[Search.query].joined(separator: " ")
    let limit = invocation[Search.limit]
    let found = try await client.search(query, limit: Int32(limit ?? 0))
    var printer = try printer(format, frame: .array)
    startPager()
    try printer.begin()
    try printer.add(found)
    try printer.end()
    if found.isEmpty, streams.isErrorTerminal {
      streams.tell("nothing found for \(Words.quoted(query))")
    }
    return .success
  }
}
