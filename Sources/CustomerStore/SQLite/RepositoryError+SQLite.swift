import SQLite

extension RepositoryError {
  /// Says what an SQLite error means for those who use the store.
  init(_ error: SQLiteError, path: String) {
    switch error.code {
    case .cannotOpen where error.isOutOfDescriptors, .inputOutput where error.isOutOfDescriptors:
      self = .outOfDescriptors(path: path)
    case .full: self = .storeFull(path: path)
    case .readOnly, .permission: self = .readOnly(path: path)
    case .busy, .locked: self = .busy(path: path)
    case .interrupted: self = .cancelled
    case .corrupt: self = .corrupt(path: path, finding: error.message)
    case .notADatabase: self = .notAStore(path: path, reason: error.message)
    case .cannotOpen: self = .cannotOpen(path: path, reason: error.message)
    case .inputOutput, .outOfMemory: self = .ioError(path: path, reason: "\(error)")
    default: self = .unexpected(reason: "\(error)")
    }
  }

  /// Says what the system's error means for those who use the store.
  init(_ error: FileError, path: String) {
    self =
      error.isOutOfDescriptors
      ? .outOfDescriptors(path: path) : .ioError(path: path, reason: "\(error)")
  }

  /// Says what it means that a store's lock wasn't to be had.
  init(_ error: FileLockError, path: String) {
    switch error {
    case _ where error.isReadOnly: self = .readOnly(path: path)
    case .taken(_, let processID): self = .inUse(path: path, processID: processID)
    case .cannotOpen: self = .cannotOpen(path: path, reason: "\(error)")
    }
  }
}
