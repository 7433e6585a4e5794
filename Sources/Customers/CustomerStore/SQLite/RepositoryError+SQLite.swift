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

  /// Says what an error means that ended a COMMIT.
  ///
  /// SQLite takes the transaction back. But in the log its last page may stand whole: it is written
  /// before the disk is asked to keep it. If that fails, or what comes after, whoever opens the file
  /// next may find the transaction there, unless another one was written over it before. An error of
  /// the writing itself leaves the last page torn or missing, and the transaction undone for good.
  init(ofCommit error: SQLiteError, path: String) {
    switch error.code {
    case .inputOutputWrite: self.init(error, path: path)
    case .inputOutput, .outOfMemory: self = .commitUncertain(path: path, reason: "\(error)")
    default: self.init(error, path: path)
    }
  }

  /// The same of a write that waited for its turn, and was not begun.
  var ofWhatWasNotBegun: RepositoryError {
    guard case .commitUncertain(let path, let reason) = self else { return self }
    return .ioError(path: path, reason: reason)
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
