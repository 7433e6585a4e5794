import Terminal

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#else
@preconcurrency import Darwin
#endif

/// A command that the user named, run by the shell to its end.
struct ShellCommand {
  /// What the shell reads.
  let text: String

  /// Names a command.
  init(_ text: String) { self.text = text }

  /// Runs the command with arguments behind it, on this program's own terminal.
  ///
  /// Ctrl-C is the command's meanwhile: an editor has its own use for it.
  ///
  /// - Returns: What it ended with; 128 and the signal's number if that ended it.
  /// - Throws: If it can't be started.
  func run(on arguments: [String]) throws(StreamError) -> Int32 {
    let interrupt = signal(SIGINT, SIG_IGN)
    let quit = signal(SIGQUIT, SIG_IGN)
    defer {
      signal(SIGINT, interrupt)
      signal(SIGQUIT, quit)
    }
    return try run(words: [text + " \"$@\"", text] + arguments, input: nil, variables: [])
  }

  /// Runs the command with input and variables of its own.
  ///
  /// - Parameters:
  ///   - input: What it reads. A file without a name holds it, not a pipe: a command that reads
  ///     nothing then holds up nobody.
  ///   - variables: Set beside those of this program.
  /// - Returns: What it ended with; 128 and the signal's number if that ended it.
  /// - Throws: If it can't be started.
  func run(
    input: [UInt8],
    variables: [(name: String, value: String)]
  ) throws(StreamError) -> Int32 {
    guard let file = tmpfile() else { throw error("temporary file") }
    defer { fclose(file) }
    guard fwrite(input, 1, input.count, file) == input.count, fflush(file) == 0,
      fseek(file, 0, SEEK_SET) == 0
    else { throw error("temporary file") }
    return try run(words: [text], input: fileno(file), variables: variables)
  }

  private func run(
    words: [String],
    input: CInt?,
    variables: [(name: String, value: String)]
  ) throws(StreamError) -> Int32 {
    let arguments = ["sh", "-c"] + words
    let environment = Self.environment(with: variables)
    var argumentPointers = arguments.map { strdup($0) } + [nil]
    var environmentPointers = environment.map { strdup($0) } + [nil]
    defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }

    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
    #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    if let input { posix_spawn_file_actions_adddup2(&actions, input, 0) }
    // What this program ignores the command must not: it wouldn't even know.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGQUIT, SIGPIPE] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    let flags = Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, flags)

    var process: pid_t = 0
    let result = posix_spawn(
      &process,
      "/bin/sh",
      &actions,
      &attributes,
      &argumentPointers,
      &environmentPointers
    )
    guard result == 0 else {
      throw .system(file: "/bin/sh", reason: String(cString: strerror(result)))
    }
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { throw error("/bin/sh") }
    }
    // As the shell counts: the low seven bits are the signal, the next byte the exit status.
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  /// This program's variables with some set: `NAME=value` each.
  private static func environment(with variables: [(name: String, value: String)]) -> [String] {
    let names = Set(variables.map(\.name))
    var all = variables.map { "\($0.name)=\($0.value)" }
    var next = environ
    while let entry = next.pointee {
      let text = String(cString: entry)
      if !names.contains(String(text.prefix { $0 != "=" })) { all.append(text) }
      next += 1
    }
    return all
  }

  private func error(_ file: String) -> StreamError {
    .system(file: file, reason: String(cString: strerror(errno)))
  }
}
