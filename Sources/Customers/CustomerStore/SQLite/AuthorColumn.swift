import CustomerModel

/// Who made a change, as the column `change.actor` has it: `uid=1000 gid=1000 pid=4242 billing-sync`.
///
/// A person at an SQL prompt can read it, and nobody but the store does otherwise. All three numbers
/// stand there, an unknown one as nothing behind its sign; the rest is the program's name, whatever
/// that looks like: a process may call itself `pid=1`. Before there were groups `gid=` wasn't there,
/// and an unknown process was 0.
enum AuthorColumn {
  /// The text of an author.
  static func text(_ author: Author) -> String {
    let user = author.userID.map(String.init) ?? ""
    let group = author.groupID.map(String.init) ?? ""
    let process = author.processID.map(String.init) ?? ""
    let numbers = "uid=\(user) gid=\(group) pid=\(process)"
    return author.program.isEmpty ? numbers : "\(numbers) \(author.program)"
  }

  /// The author of a text; `nil` if it says nothing.
  ///
  /// What isn't written so, as nothing of ours is, counts as a program's name.
  static func author(_ text: String) -> Author? {
    var rest = Substring(text)
    var author = Author()
    author.userID = number("uid=", &rest)
    author.groupID = number("gid=", &rest)
    author.processID = number("pid=", &rest)
    if author.processID == 0 { author.processID = nil }
    author.program = String(rest)
    return author == Author() ? nil : author
  }

  /// Takes a sign and the number behind it off the beginning of a text, with the space behind them.
  ///
  /// - Returns: The number; `nil` if none is behind the sign, and where the sign isn't there or
  ///   something else is behind it: then nothing is taken.
  private static func number<Number: FixedWidthInteger>(
    _ sign: String,
    _ text: inout Substring
  ) -> Number? {
    guard text.hasPrefix(sign) else { return nil }
    let word = text.prefix { $0 != " " }
    let digits = word.dropFirst(sign.count)
    let number = Number(digits)
    guard digits.isEmpty || number != nil else { return nil }
    text = text.dropFirst(word.count + 1)
    return number
  }
}
