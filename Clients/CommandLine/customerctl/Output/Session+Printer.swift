import Arguments
import CustomerFormats

extension Session {
  /// The printer of many customers, for what `-o` and `--excel` ask for.
  ///
  /// - Parameters:
  ///   - format: What is printed unless `--excel` is said, which is CSV.
  ///   - frame: What stands around the customers in JSON.
  /// - Returns: The printer.
  /// - Throws: ``UsageError`` if the two options don't go together.
  func printer(_ format: OutputFormat, frame: CustomerPrinter.Frame) throws -> CustomerPrinter {
    guard invocation[Options.excel] else {
      return CustomerPrinter(format, frame: frame, fields: try selection(), to: streams)
    }
    if let output = invocation[Options.output], output != .csv {
      throw UsageError(
        "--excel writes csv, not \(output.rawValue)",
        command: "customerctl \(invocation.verb)"
      )
    }
    var printer = CustomerPrinter(.csv, frame: frame, fields: try selection(), to: streams)
    printer.isForSpreadsheet = true
    return printer
  }

  /// Refuses `-o vcard` where what is printed are no customers, or only some of their fields.
  func checkFormat() throws {
    let verbs = [
      "create", "get", "update", "edit", "restore", "list", "search", "export",
    ]
    guard invocation[Options.output] == .vcard else { return }
    if invocation[Options.fields] != nil {
      throw UsageError(
        "-o vcard has fields of its own: it doesn't go together with --fields",
        command: "customerctl \(invocation.verb)"
      )
    }
    guard !verbs.contains(invocation.verb) else { return }
    throw UsageError(
      "-o vcard writes customers, and \(invocation.verb) prints none",
      command: "customerctl \(invocation.verb)"
    )
  }
}
