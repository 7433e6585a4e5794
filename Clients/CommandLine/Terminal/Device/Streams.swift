/// What a verb reads and writes: standard input, output and error, and what is known of them.
package protocol Streams: AnyObject {
  /// Writes to standard output.
  func write(_ text: String) throws(StreamError)

  /// Hands what was written to the system: whoever reads has it then.
  func flush() throws(StreamError)

  /// Shows what is written from now on in a pager, if it is more than the terminal has lines.
  ///
  /// - Parameter command: The pager, for the shell.
  func startPager(_ command: String)

  /// Writes a line to standard error.
  func tell(_ line: String)

  /// Writes the line that tells how far a long run is over itself; the empty one takes it away.
  func tellProgress(_ line: String)

  /// All of standard input.
  ///
  /// - Throws: If it has more bytes than the limit.
  func readAll(atMost limit: Int) throws(StreamError) -> [UInt8]

  /// A line from the user, without its end; nil at the end of input.
  func readAnswer(to question: String) -> String?

  /// Whether standard output is a terminal.
  var isOutputTerminal: Bool { get }

  /// Whether standard error is a terminal.
  var isErrorTerminal: Bool { get }

  /// Whether standard input is a terminal.
  var isInputTerminal: Bool { get }

  /// The terminal's columns, if standard output is one and says so.
  var width: Int? { get }

  /// Whether headings may be in bold: on a terminal, unless `NO_COLOR` is set.
  var usesStyles: Bool { get }
}

/// What is wrong with a file or a stream.
package enum StreamError: Error, Equatable, CustomStringConvertible {
  /// The system refuses.
  case system(file: String, reason: String)

  /// More than the program takes.
  case tooLong(file: String, limit: Int)

  /// Nobody reads what is written any more.
  case closed(file: String)

  /// The file that would be written is the one that is read.
  case sameFile(String)

  /// A file of this name is there.
  case taken(String)

  package var description: String {
    switch self {
    case .system(let file, let reason): "\(TerminalText.safe(file)): \(reason)"
    case .closed(let file): "\(TerminalText.safe(file)): nobody reads it any more"
    case .tooLong(let file, let limit):
      "\(TerminalText.safe(file)): over the limit of \(limit) bytes"
    case .sameFile(let file):
      "\(TerminalText.safe(file)): is the file that is imported"
    case .taken(let file): "\(TerminalText.safe(file)): is there already; --force replaces it"
    }
  }
}
