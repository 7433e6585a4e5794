import Arguments
import CustomerClient
import CustomerConsole
import CustomerFormats
import CustomerModel
import ProtoWire
import Terminal

extension Session {
  /// The most customers in a page: what the daemon answers at most.
  static let pageSizeMax = 1000

  /// How many customers `list` prints when nothing is said.
  static let listedByDefault = 100

  /// `list [--filter F] [--sort ORDER] [--limit N | --all]`.
  func list() async throws -> ExitStatus {
    let limit = invocation[Options.limit]
    if limit != nil, invocation[Options.all] {
      throw UsageError("--limit and --all don't go together", command: "customerctl list")
    }
    var rest = invocation[Options.all] ? Int.max : limit ?? Self.listedByDefault
    var request = ListCustomersRequest()
    request.filter = invocation[Options.filter] ?? ""
    request.orderBy = Self.orderBy(invocation[Options.sort] ?? "")
    var printer = try printer(format, frame: .array)
    var total: String?
    var printed = 0
    var isMore = false
    while rest > 0 {
      request.pageSize = Int32(min(rest, Self.pageSizeMax))
      let response = try await calls.list(request)
      if total == nil {
        total = "\(response.totalSize)" + (response.totalSizeIsMinimum ? " or more" : "")
        startPager()
        try printer.begin()
      }
      let page = response.customers.prefix(rest)
      try printer.add(Array(page))
      printed += page.count
      rest -= page.count
      isMore = !response.nextPageToken.isEmpty || page.count < response.customers.count
      if response.nextPageToken.isEmpty { break }
      if response.nextPageToken == request.pageToken {
        throw CustomerError.failed(
          code: "INTERNAL",
          reason: "",
          message: "the daemon's next page is the one before"
        )
      }
      request.pageToken = response.nextPageToken
    }
    try printer.end()
    // Said only when nobody asked for so few: the rest would be missed in silence.
    if let total, limit == nil, isMore, streams.isErrorTerminal {
      streams.tell("\(printed) of \(total) customers; --all prints all, --limit N more")
    }
    return .success
  }

  /// `search QUERY… [--limit N]`.
  func search() async throws -> ExitStatus {
    let query = invocation[Options.query].joined(separator: " ")
    let limit = invocation[Options.found]
    let found = try await calls.search(query, limit: Int32(limit ?? 0))
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

  /// `-updateTime` as the daemon writes it, `updateTime desc`.
  static func orderBy(_ sort: String) -> String {
    sort.split(separator: ",").map { part in
      let name = trimmed(part)
      return name.hasPrefix("-") ? "\(name.dropFirst()) desc" : name
    }.joined(separator: ", ")
  }

  /// `export [--filter F]`.
  func export() async throws -> ExitStatus {
    // A copy of the store, not something to look at: the exact form unless another is named.
    var printer = try printer(invocation[Options.output] ?? .json, frame: .export)
    let call = try await calls.export(filter: invocation[Options.filter] ?? "")
    var resumeToken = ""
    var hasBegun = false
    while true {
      let message = try await call.next()
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

  /// `status`.
  func status() async throws -> ExitStatus {
    let status = try await calls.status()
    let rows = StatusRows.of(status)
    switch format {
    case .id, .vcard: try streams.write(TerminalText.safe(status.storeID) + "\n")
    case .table: try printFacts([["socket", socket]] + rows, status)
    default: try printFacts(rows, status)
    }
    return .success
  }
}

/// The facts about a store, by their names in JSON.
enum StatusRows {
  /// Names and texts.
  static func of(_ status: StoreStatus) -> [[String]] {
    [
      ["storeId", status.storeID],
      ["serverVersion", status.serverVersion],
      ["startTime", status.startTime?.rfc3339 ?? ""],
      ["customerCount", "\(status.customerCount)"],
      ["changeCount", "\(status.changeCount)"],
      ["databaseBytes", "\(status.databaseBytes)"],
      ["schemaVersion", "\(status.schemaVersion)"],
    ]
  }
}
