import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// Opens a customer in an editor.
enum Edit {
  static let command = Command(
    "edit",
    summary: "opens a customer in your editor and writes what you changed",
    examples: [
      .init("customerctl edit ann@example.com"),
      .init("EDITOR='code --wait' customerctl edit ID"),
    ],
    discussion: """
      The editor is $VISUAL, else $EDITOR, else vi. What can't be taken comes back
      into the editor with the reasons. What somebody else changed meanwhile is kept
      where it is other fields; where it is the same, both are shown and nothing is
      written. Your text is never lost: the last line says where it is.
      """,
    options: [SharedOptions.noHints, SharedOptions.fields],
    positionals: [SharedOptions.customer]
  )
}

extension Session {
  /// `edit ID`.
  func edit() async throws -> ExitStatus {
    let customer = try await client.get(
      try await findID(invocation[SharedOptions.customer]),
      version: 0
    )
    let draft = try Draft(of: customer)
    do {
      return try await edit(draft, of: customer)
    } catch {
      var failure = await failure(of: error)
      if draft.isChanged {
        failure.lines.append("your text is in \(draft.file.path)")
      } else {
        draft.discard()
      }
      throw failure
    }
  }

  private func edit(_ draft: Draft, of customer: Customer) async throws -> ExitStatus {
    while true {
      try draft.open(in: ShellCommand(editor))
      guard draft.isChanged else {
        draft.discard()
        streams.tell("nothing changed")
        return .success
      }
      let problems: [String]
      do {
        let edited = try draft.customer()
        guard !edited.parts(changedFrom: customer).isEmpty else {
          draft.discard()
          streams.tell("nothing changed")
          return .success
        }
        let written = try await write(edited, over: customer)
        draft.discard()
        try printOne(written)
        try await tellHints(about: written)
        return .success
      } catch let failure as Failure where failure.status == .invalidData {
        problems = failure.lines
      } catch let error as CustomerError {
        guard case .invalid = error else { throw error }
        problems = Failure(error, socket: socket).lines
      }
      // The same text again would be refused again: the user has given up on it.
      guard draft.refuse(problems) else { throw Failure(lines: problems, .invalidData) }
    }
  }

  /// `$VISUAL`, `$EDITOR`, or the one that every system has.
  private var editor: String {
    let named = ["VISUAL", "EDITOR"].compactMap(environment).first { !trimmed($0).isEmpty }
    return named ?? "vi"
  }

  /// Writes what was edited; what others wrote meanwhile stays.
  private func write(_ edited: Customer, over read: Customer) async throws -> Customer {
    let paths = edited.parts(changedFrom: read).maskPaths
    return try await write(Patch(customer: edited, paths: paths, base: read), allowMissing: false)
  }
}

/// A customer's text while somebody edits it.
///
/// The lines that begin with `//` are the program's words to the user, and no part of the text.
private final class Draft {
  /// Where the text stands.
  let file: TemporaryFile

  private let original: Customer
  private let before: String
  private var refused: String?
  private var isDiscarded = false

  /// Writes a customer into a new file.
  init(of customer: Customer) throws {
    original = customer
    before = try CustomerJSON.pretty(customer) + "\n"
    file = try TemporaryFile(suffix: ".json")
    try write(["change what you want, save, and leave the editor; customer \(customer.customerID)"])
  }

  /// Whether there is a text that isn't what it was at first.
  var isChanged: Bool { !isDiscarded && (try? text()) != before }

  /// Takes the file away, when nothing in it is needed any more.
  func discard() {
    isDiscarded = true
    file.remove()
  }

  /// Has the user edit the file.
  func open(in editor: ShellCommand) throws {
    let status = try editor.run(on: [file.path])
    guard status == 0 else {
      throw Failure("\(editor.text): ended with status \(status); nothing was written", .failure)
    }
  }

  /// The customer that the text is.
  func customer() throws -> Customer {
    let edited: Customer
    do {
      // A line for the one above it, so that a place in the text is a place in the file.
      edited = try CustomerJSON.customer(fromText: Array(("\n" + text()).utf8)).customer
    } catch let error as FieldError {
      throw Failure(error, .invalidData)
    }
    let fixed = CustomerField.allCases.filter {
      $0.isSetByServer && $0.text(in: edited) != $0.text(in: original)
    }
    guard fixed.isEmpty else {
      let lines = fixed.map { "\($0.jsonName): is set by the daemon and can't be changed" }
      throw Failure(lines: lines, .invalidData)
    }
    return edited
  }

  /// Puts the reasons why the text can't be taken into the file.
  ///
  /// - Returns: False if this very text was refused before.
  func refuse(_ problems: [String]) -> Bool {
    guard let text = try? text(), text != refused else { return false }
    refused = text
    return (try? write(problems.map { "error: \($0)" }, text)) != nil
  }

  private func text() throws -> String {
    let lines = try file.read(atMost: JSONElements.elementBytesMax).split(
      separator: "\n",
      omittingEmptySubsequences: false
    )
    return lines.filter { !trimmed($0).hasPrefix("//") }.joined(separator: "\n")
  }

  private func write(_ words: [String], _ text: String? = nil) throws {
    let head = words.map { "// \(TerminalText.safe($0))\n" }.joined()
    try file.write(head + (text ?? before))
  }
}
