import Arguments
import CustomerAPI
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// Prints customers in an order.
enum List {
  static let sort = Option(
    "sort",
    .text.named("ORDER"),
    help: "such as lastName or -updateTime; the minus puts the last first"
  )
  static let limit = Option(
    "limit",
    short: "n",
    .integer(1...1_000_000),
    note: "100",
    help: "how many at most"
  )
  static let all = Option(flag: "all", short: "a", help: "all there are")

  static let command = Command(
    "list",
    summary: "prints customers in an order",
    examples: [
      .init("customerctl list --sort lastName --limit 20"),
      .init("customerctl list --all -o csv > customers.csv"),
      .init(#"customerctl list --filter 'attributes.tier = "gold"' -o id"#),
    ],
    options: [
      SharedOptions.filter, sort, limit, all, SharedOptions.excel, SharedOptions.fields,
      SharedOptions.noPager,
    ]
  )
}

extension Session {
  /// `list [--filter F] [--sort ORDER] [--limit N | --all]`.
  func list() async throws -> ExitStatus {
    let limit = invocation[List.limit]
    if limit != nil, invocation[List.all] {
      throw usage("--limit and --all don't go together")
    }
    var rest = invocation[List.all] ? Int.max : limit ?? ServiceLimits.pageSizeDefault
    var request = ListCustomersRequest()
    request.filter = invocation[SharedOptions.filter] ?? ""
    request.orderBy = Self.orderBy(invocation[List.sort] ?? "")
    var printer = try printer(format, frame: .array)
    var total: String?
    var printed = 0
    var isMore = false
    while rest > 0 {
      request.pageSize = Int32(min(rest, ServiceLimits.pageSizeMax))
      let response = try await client.list(request)
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
          reason: nil,
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

  /// `-updateTime` as the daemon writes it, `updateTime desc`.
  static func orderBy(_ sort: String) -> String {
    sort.split(separator: ",").map { part in
      let name = trimmed(part)
      return name.hasPrefix("-") ? "\(name.dropFirst()) desc" : name
    }.joined(separator: ", ")
  }
}
