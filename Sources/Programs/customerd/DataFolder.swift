import Arguments
import Host

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Where the database lies when nobody says otherwise.
enum DataFolder {
  /// `$XDG_DATA_HOME/customers/customers.db`, else below `~/.local/share`.
  ///
  /// Source: XDG Base Directory Specification. `nil` if there is no home.
  static func database(
    environment: (String) -> String? = ProcessEnvironment.value(of:)
  ) -> String? {
    if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") {
      return "\(data)/customers/customers.db"
    }
    guard let home = environment("HOME"), home.hasPrefix("/") else { return nil }
    return "\(home)/.local/share/customers/customers.db"
  }

  /// Makes the folder that a file is to lie in, and those above it, for this user alone.
  ///
  /// What exists stays as it is; what can't be made shows when the file is opened.
  static func prepare(for path: String) {
    var folder = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      folder += "\(part)/"
      mkdir(folder, 0o700)
    }
  }
}
