import CustomerStore

extension RepositoryError {
  /// What the operator can do about a database that isn't served; `nil` where the error says it.
  var advice: String? {
    switch self {
    case .storeFull, .noRoom: "free some space on its disk"
    case .readOnly: "the file, its folder and its disk must be writable for this user"
    case .moved: "put the file back, or name another one with --database"
    case .busy: "end the program that has it open, such as an sqlite3 shell"
    case .inUse: "stop that one first, or name another file with --database"
    case .corrupt: "customerd --check says where; a copy made by customerctl backup can replace it"
    case .notAStore: "name another file with --database"
    case .newerSchema: "start a customerd as new as the one that wrote it"
    default: nil
    }
  }
}
