import Arguments
import Terminal

/// Prints the script that completes command lines.
enum Completions {
  static let shell = Positional("SHELL", ValueKind<Shell>.choice, help: "bash, zsh or fish")

  static let command = Command(
    "completions",
    summary: "prints the script that completes command lines in a shell",
    examples: [
      .init("source <(customerctl completions bash)", "for this shell; best in ~/.bashrc"),
      .init("source <(customerctl completions zsh)", "behind compinit, in ~/.zshrc"),
      .init("customerctl completions fish > ~/.config/fish/completions/customerctl.fish"),
    ],
    discussion: "Ids and e-mail addresses are completed too, while a daemon answers.",
    positionals: [shell]
  )
}

extension Session {
  /// `completions SHELL`.
  func printCompletions() throws -> ExitStatus {
    try streams.write(invocation[Completions.shell].script)
    return .success
  }
}

/// The shells that command lines are completed in.
enum Shell: String, CaseIterable, Sendable {
  case bash
  case zsh
  case fish
}
