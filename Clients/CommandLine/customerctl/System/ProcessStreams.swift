import Arguments
import Host
import Terminal

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#else
@preconcurrency import Darwin
#endif

/// The streams that the process was started with.
final class ProcessStreams: Streams {
  let isOutputTerminal = isatty(1) == 1
  let isErrorTerminal = isatty(2) == 1
  let isInputTerminal = isatty(0) == 1

  private var hasProgress = false
  private var pager: Pager?

  var width: Int? {
    guard isOutputTerminal else { return nil }
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  var usesStyles: Bool {
    let isPlain = ProcessEnvironment.value(of: "TERM").map { $0 == "dumb" } ?? true
    return isOutputTerminal && !isPlain
      && (ProcessEnvironment.value(of: "NO_COLOR") ?? "").isEmpty
  }

  func write(_ text: String) throws(StreamError) {
    if let pager { return try pager.write(text) }
    var text = text
    let isWritten = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, stdout) == $0.count }
    guard isWritten else { throw Self.outputError }
  }

  func flush() throws(StreamError) {
    try pager?.flush()
    guard fflush(stdout) == 0 else { throw Self.outputError }
  }

  func startPager(_ command: String) {
    var size = winsize()
    guard isOutputTerminal, pager == nil, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 1
    else { return }
    pager = Pager(command, lines: Int(size.ws_row) - 1)
  }

  /// Ends the output: what waits is written, and the user has seen the pager's end.
  func finish() throws(StreamError) {
    let pager = self.pager
    self.pager = nil
    try pager?.finish()
    try flush()
  }

  func tell(_ line: String) {
    tellProgress("")
    if let pager { return pager.hold(line) }
    StandardError.print(line)
  }

  func tellProgress(_ line: String) {
    guard isErrorTerminal, hasProgress || !line.isEmpty else { return }
    hasProgress = !line.isEmpty
    fputs("\r\u{1B}[K" + line, stderr)
    fflush(stderr)
  }

  func readAll(atMost limit: Int) throws(StreamError) -> [UInt8] {
    let input = InputFile.standard
    var bytes: [UInt8] = []
    while true {
      let part = try input.read()
      if part.isEmpty { return bytes }
      bytes += part
      guard bytes.count <= limit else { throw .tooLong(file: input.name, limit: limit) }
    }
  }

  func readAnswer(to question: String) -> String? {
    fputs(question, stderr)
    fflush(stderr)
    return readLine()
  }

  private static var outputError: StreamError {
    if errno == EPIPE { return .closed(file: "standard output") }
    return .system(file: "standard output", reason: String(cString: strerror(errno)))
  }
}
