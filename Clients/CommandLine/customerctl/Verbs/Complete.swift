import Arguments
import CustomerClient
import CustomerModel
import Terminal

/// Completes the word of a command line.
enum Complete {
  static let line = Positional(
    repeating: "WORD",
    .text,
    minimum: 0,
    help: "the command line up to the word that is being written"
  )

  static let command = Command(
    "complete",
    summary: "prints what the last word of a command line may become, a line each",
    positionals: [line],
    isHidden: true
  )
}

extension Session {
  /// How long completing a word may wait for the daemon: less than a user notices.
  static let completionTimeMax = Duration.milliseconds(300)

  /// How many customers are offered.
  static let completionsMax: Int32 = 30

  /// `complete WORD…`: silent whatever goes wrong, as it answers a key and no question.
  func complete() async throws -> ExitStatus {
    var completer = Completer(Verb.program)
    switch completer.wish(invocation[Complete.line]) {
    case .somethingElse: break
    case .oneOf(let candidates):
      for candidate in candidates { try write(candidate) }
    case .customer(let beginning):
      let client = completer.socket.map(connect) ?? client
      let found = await CustomerClient.withDeadline(Self.completionTimeMax) {
        await candidates(beginning, client)
      }
      for candidate in found { try write(candidate) }
    }
    return .success
  }

  private func write(_ candidate: Completer.Candidate) throws {
    let says = TerminalText.safe(candidate.says)
    try streams.write(TerminalText.safe(candidate.word) + (says.isEmpty ? "" : "\t\(says)") + "\n")
  }

  /// Customers whose id or e-mail address begins so.
  private func candidates(
    _ beginning: String,
    _ client: CustomerClient
  ) async -> [Completer.Candidate] {
    var requests: [ListCustomersRequest] = []
    func ask(_ filter: String) {
      var request = ListCustomersRequest()
      request.filter = filter
      request.pageSize = Self.completionsMax
      requests.append(request)
    }
    if beginning.isEmpty {
      ask("")
    } else {
      if CustomerName.beginning(beginning) != nil {
        ask(Filter.customerID(beginningWith: beginning.lowercased()))
      }
      if let filter = Filter.emailAddress(beginningWith: beginning) { ask(filter) }
    }
    var found: [Completer.Candidate] = []
    for response in await client.lists(requests) {
      for customer in response?.customers ?? [] {
        let isID = customer.customerID.hasPrefix(beginning.lowercased())
        // An address that begins in other letters is written as it is: shells compare them.
        let says = isID ? customer.introduction.dropFirst(customer.customerID.count + 1) : ""
        let word = isID ? customer.customerID : customer.emailAddress
        guard isID || word.hasPrefix(beginning) else { continue }
        let name = isID ? String(says) : customer.displayName
        found.append(Completer.Candidate(word: word, says: name))
      }
    }
    return found
  }
}
