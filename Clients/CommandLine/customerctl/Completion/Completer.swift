import Arguments
import CustomerFormats
import CustomerModel
import ProtoJSON

/// What a word of a command line may become, found from the words before it.
struct Completer {
  /// What the last word is about to be.
  enum Wish: Equatable {
    /// One of these.
    case oneOf([Candidate])

    /// The name of a customer, behind what stands there already.
    case customer(beginning: String)

    /// Something that the shell knows better, such as a file, or nothing.
    case somethingElse
  }

  /// What a word may become, and what that is.
  struct Candidate: Equatable {
    /// The whole word.
    var word: String

    /// What it is, in a few words; may be empty.
    var says = ""
  }

  /// The program whose command line it is.
  let program: Command

  private var verb: Command?
  private var hasVerb = false
  private var positionalCount = 0
  private var awaiting: OptionDeclaration?
  private var onlyWords = false

  /// Where the command line says that the daemon listens.
  private(set) var socket: String?

  /// Creates a completer.
  init(_ program: Command) { self.program = program }

  /// Says what the last word may become.
  ///
  /// - Parameter words: The command line from the program's name to the last word, which may be
  ///   empty. What stands before is taken as it is: this is no place for errors.
  /// - Returns: What to offer.
  mutating func wish(_ words: [String]) -> Wish {
    guard let last = words.last, words.count > 1 else { return .somethingElse }
    for word in words.dropFirst().dropLast() { pass(word) }
    if let option = awaiting { return values(of: option, last, before: "") }
    guard !onlyWords, last.hasPrefix("-"), last != "-" else { return positional(last) }
    if last.hasPrefix("--"), let equals = last.firstIndex(of: "=") {
      let name = last[..<equals].dropFirst(2)
      guard let option = known.first(where: { $0.name == name }) else { return .somethingElse }
      let value = String(last[equals...].dropFirst())
      return values(of: option, value, before: "--\(name)=")
    }
    return .oneOf(options.filter { $0.word.hasPrefix(last) })
  }

  // MARK: Words before the last

  private mutating func pass(_ word: String) {
    if let option = awaiting {
      awaiting = nil
      if option.name == SharedOptions.socket.declaration.name { socket = word }
      return
    }
    guard !onlyWords, word.hasPrefix("-"), word != "-" else {
      passWord(word)
      return
    }
    guard word != "--" else {
      onlyWords = true
      return
    }
    if word.hasPrefix("--") {
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1).map(String.init)
      guard let option = known.first(where: { $0.name == parts.first }), option.value != nil else {
        return
      }
      if parts.count == 1, !word.hasSuffix("=") { awaiting = option }
      if parts.count == 2, option.name == SharedOptions.socket.declaration.name {
        socket = parts[1]
      }
    } else if let letter = word.last, word.utf8.count == 2 {
      awaiting = known.first { $0.short == letter && $0.value != nil }
    }
  }

  private mutating func passWord(_ word: String) {
    if !hasVerb {
      hasVerb = true
      verb = program.verbs.first { $0.name == word }
      if word == "help" { verb = Self.help(program) }
    } else {
      positionalCount += 1
    }
  }

  /// `help` as a verb whose argument is a verb.
  private static func help(_ program: Command) -> Command {
    Command("help", summary: "", positionals: [Positional(optional: "COMMAND", .text)])
  }

  // MARK: The last word

  private var known: [OptionDeclaration] {
    ((verb?.options ?? []) + program.options).map(\.declaration)
  }

  private var options: [Candidate] {
    known.map { Candidate(word: "--\($0.name)", says: $0.help) }
      + [Candidate(word: "--help", says: "shows this page")]
  }

  private var verbs: [Candidate] {
    program.shownVerbs.map { Candidate(word: $0.name, says: $0.summary) }
      + [Candidate(word: "help", says: "shows a command's page")]
  }

  private func positional(_ last: String) -> Wish {
    guard hasVerb else { return .oneOf(verbs.filter { $0.word.hasPrefix(last) }) }
    guard let verb else { return .somethingElse }
    let all = verb.positionals.map(\.declaration)
    let index = min(positionalCount, all.count - 1)
    guard index >= 0, positionalCount < all.count || all[index].countMax > 1 else {
      return .somethingElse
    }
    switch all[index].name {
    case "ID": return .customer(beginning: last)
    case "COMMAND": return .oneOf(verbs.filter { $0.word.hasPrefix(last) })
    case "FIELD=VALUE": return .oneOf(assignments.filter { $0.word.hasPrefix(last) })
    case "METHOD":
      let methods = ServiceSchema.shared.methods.map { Candidate(word: $0.name, says: $0.service) }
      return .oneOf(methods.filter { $0.word.hasPrefix(last) })
    default:
      let choices = all[index].value.choices.map { Candidate(word: $0) }
      return choices.isEmpty ? .somethingElse : .oneOf(choices.filter { $0.word.hasPrefix(last) })
    }
  }

  private func values(of option: OptionDeclaration, _ text: String, before: String) -> Wish {
    var words = option.value?.choices ?? []
    var front = ""
    switch option.name {
    case "sort": words = ["lastName", "emailAddress", "updateTime"].flatMap { [$0, "-\($0)"] }
    case "match": words = ["emailAddress", "attributes."]
    case "fields": words = Self.fieldNames
    default: break
    }
    guard !words.isEmpty else { return .somethingElse }
    // Lists are completed behind their last comma.
    if ["sort", "fields"].contains(option.name), let comma = text.lastIndex(of: ",") {
      front = String(text[...comma])
    }
    let beginning = text.dropFirst(front.count)
    let found = words.filter { $0.hasPrefix(beginning) }
    return .oneOf(found.map { Candidate(word: before + front + $0) })
  }

  private static let fieldNames =
    CustomerField.allCases.map(\.jsonName) + ["attributes."]

  private var assignments: [Candidate] {
    CustomerField.texts.map { Candidate(word: "\($0.jsonName)=") }
      + [
        Candidate(word: "phones+=", says: "TYPE:COUNTRY:NUMBER"),
        Candidate(word: "addresses[0].", says: "address1, suburb, postcode and so on"),
        Candidate(word: "attributes.", says: "NAME=VALUE"),
      ]
  }
}
