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
    guard invocation[SharedOptions.excel] else {
      return CustomerPrinter(format, frame: frame, fields: try selection(), to: streams)
    }
    if let output = invocation[SharedOptions.output], output != .csv {
      throw usage("--excel writes csv, not \(output.rawValue)")
    }
    var printer = CustomerPrinter(.csv, frame: frame, fields: try selection(), to: streams)
    printer.isForSpreadsheet = true
    return printer
  }

  /// Refuses `-o vcard` where what is printed are no customers, or only some of their fields.
  func checkFormat() throws {
    guard invocation[SharedOptions.output] == .vcard else { return }
    if invocation[SharedOptions.fields] != nil {
      throw usage("-o vcard has fields of its own: it doesn't go together with --fields")
    }
    guard !verb.printsCustomers else { return }
    throw usage("-o vcard writes customers, and \(verb.rawValue) prints none")
  }
}
