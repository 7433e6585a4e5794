import Arguments
import CustomerStore

/// What an operator does to a database while no daemon serves it.
enum Upkeep {
  /// Says what is wrong in a database, a finding a line.
  static func check(_ options: StoreOptions) throws -> ExitStatus {
    let findings = try StoreMaintenance.check(options)
    for text in findings.texts { print(text) }
    if findings.count > findings.texts.count {
      print("and \(findings.count - findings.texts.count) more")
    }
    guard findings.count == 0 else {
      let count = findings.count == 1 ? "1 finding" : "\(findings.count) findings"
      print("database \(options.path) is not whole: \(count)")
      return .failure
    }
    print(
      """
      database \(options.path) is whole: \(findings.customerCount) customers, \
      \(findings.changeCount) changes
      """
    )
    return .success
  }

  /// Makes all that follows from the records anew.
  static func rebuild(_ options: StoreOptions) throws {
    let count = try StoreMaintenance.rebuild(options)
    print("database \(options.path): derived data of all customers was made anew: \(count)")
  }
}
