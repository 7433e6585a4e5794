import Arguments

/// The command line as the system hands it over.
enum ProcessArguments {
  /// The arguments behind the program's name.
  ///
  /// `CommandLine.arguments` would repair bytes that are no text, and what was repaired would be
  /// stored.
  ///
  /// - Throws: ``UsageError`` for an argument that is no text.
  static func read() throws(UsageError) -> [String] {
    var arguments: [[UInt8]] = []
    for index in 1..<max(Int(CommandLine.argc), 1) {
      guard let argument = CommandLine.unsafeArgv[index] else { break }
      var bytes: [UInt8] = []
      var place = 0
      while argument[place] != 0 {
        bytes.append(UInt8(bitPattern: argument[place]))
        place += 1
      }
      arguments.append(bytes)
    }
    return try texts(arguments, command: "customerctl")
  }

  /// Reads arguments as UTF-8.
  ///
  /// - Throws: ``UsageError`` for the first that isn't; its other bytes are shown as escapes.
  static func texts(_ arguments: [[UInt8]], command: String) throws(UsageError) -> [String] {
    var texts: [String] = []
    for (index, bytes) in arguments.enumerated() {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw UsageError("argument \(index + 1) is no UTF-8: '\(shown(bytes))'", command: command)
      }
      texts.append(text)
    }
    return texts
  }

  /// How much of a wrong argument an error repeats, in bytes.
  private static let shownBytesMax = 100

  private static func shown(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes.prefix(shownBytesMax) {
      if (0x20..<0x7F).contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "\\x" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return text + (bytes.count > shownBytesMax ? "…" : "")
  }
}
