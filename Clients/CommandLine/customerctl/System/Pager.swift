import Arguments
import Terminal

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#else
@preconcurrency import Darwin
#endif

/// The program that shows a long text page by page; it begins with the first line too many.
final class Pager {
  private let command: String
  private let linesMax: Int
  private var waiting = ""
  private var lines = 0
  private var held: [String] = []
  private var program: UnsafeMutablePointer<FILE>?

  /// Prepares a pager.
  ///
  /// - Parameters:
  ///   - command: For the shell.
  ///   - lines: How many lines are shown without it.
  init(_ command: String, lines: Int) {
    self.command = command
    linesMax = lines
  }

  deinit { close() }

  /// Writes to the pager, or keeps what the terminal has room for.
  func write(_ text: String) throws(StreamError) {
    if program == nil {
      waiting += text
      lines += text.utf8.count { $0 == UInt8(ascii: "\n") }
      guard lines > linesMax else { return }
      try begin()
      return
    }
    try put(text)
  }

  /// Hands what the pager was given to it.
  func flush() throws(StreamError) {
    guard let program else { return }
    guard fflush(program) == 0 else { throw error }
  }

  /// Keeps a line for standard error until all is shown: it stands behind the text, as it was told.
  func hold(_ line: String) { held.append(line) }

  /// Ends the text and waits for the user to end the pager; a short text is printed as it is.
  func finish() throws(StreamError) {
    if program == nil {
      fputs(waiting, stdout)
      fflush(stdout)
    } else {
      try flush()
    }
    close()
  }

  private func close() {
    if let program { pclose(program) }
    program = nil
    for line in held { StandardError.print(line) }
    held = []
  }

  private func begin() throws(StreamError) {
    fflush(stdout)
    guard let program = popen(command, "w") else { throw error }
    // Ctrl-C and the early end of the reading are the pager's business, which doesn't ignore them.
    signal(SIGINT, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    self.program = program
    try put(waiting)
    waiting = ""
  }

  private func put(_ text: String) throws(StreamError) {
    guard let program else { return }
    guard fputs(text, program) >= 0 else { throw error }
  }

  private var error: StreamError {
    if errno == EPIPE { return .closed(file: "pager") }
    return .system(file: "pager", reason: String(cString: strerror(errno)))
  }
}
