import SQLite
import Testing

@testable import CustomerStore

/// What may be said of a transaction whose COMMIT ended with an error.
///
/// The numbers are those of `sqlite.org/rescode.html`.
@Suite struct CommitFailureTests {
  private func translated(_ code: Int32) -> RepositoryError {
    let error = SQLiteError(code: ResultCode(rawValue: code), message: "x", sql: "COMMIT")
    return RepositoryError(ofCommit: error, path: "/p")
  }

  /// IOERR_FSYNC, IOERR_SHMMAP, IOERR_UNLOCK, NOMEM: the last page of the transaction may stand in the
  /// log.
  @Test(arguments: [1034, 5386, 2058, 7, 10])
  func isUncertainWhereTheLogMayHoldItWhole(_ code: Int32) {
    guard case .commitUncertain(path: "/p", _) = translated(code) else {
      Issue.record("\(translated(code))")
      return
    }
    guard case .ioError = translated(code).ofWhatWasNotBegun else {
      Issue.record("\(translated(code).ofWhatWasNotBegun)")
      return
    }
  }

  /// FULL, IOERR_WRITE, BUSY: it was never written to its end.
  @Test func isUndoneWhereTheLogCannotHoldIt() {
    if case .storeFull = translated(13) {} else { Issue.record("\(translated(13))") }
    if case .ioError = translated(778) {} else { Issue.record("\(translated(778))") }
    if case .busy = translated(5) {} else { Issue.record("\(translated(5))") }
  }
}
