import CSQLite

/// A number that SQLite answers with: what happened (`sqlite.org/rescode.html`).
///
/// An extended code carries its primary code in the lowest byte. In a `catch`, a primary code
/// matches every extended code of its family: `catch let error where .full ~= error.code`.
package struct ResultCode: RawRepresentable, Hashable, Sendable {
  /// The extended code.
  package let rawValue: Int32

  /// Creates a code of any number.
  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The family that an extended code belongs to.
  package var primary: ResultCode { ResultCode(rawValue: rawValue & 0xff) }

  /// What the code means, in SQLite's own words.
  package var explanation: String {
    sqlite3_errstr(rawValue).map { String(cString: $0) } ?? "unknown error"
  }

  /// The corresponding C code is `SQLITE_ERROR`.
  package static let error = Self(rawValue: SQLITE_ERROR)

  /// The corresponding C code is `SQLITE_PERM`.
  package static let permission = Self(rawValue: SQLITE_PERM)

  /// The corresponding C code is `SQLITE_BUSY`.
  package static let busy = Self(rawValue: SQLITE_BUSY)

  /// The corresponding C code is `SQLITE_LOCKED`.
  package static let locked = Self(rawValue: SQLITE_LOCKED)

  /// The corresponding C code is `SQLITE_NOMEM`.
  package static let outOfMemory = Self(rawValue: SQLITE_NOMEM)

  /// The corresponding C code is `SQLITE_READONLY`.
  package static let readOnly = Self(rawValue: SQLITE_READONLY)

  /// The corresponding C code is `SQLITE_INTERRUPT`.
  package static let interrupted = Self(rawValue: SQLITE_INTERRUPT)

  /// The corresponding C code is `SQLITE_IOERR`.
  package static let inputOutput = Self(rawValue: SQLITE_IOERR)

  /// The corresponding C code is `SQLITE_IOERR_WRITE`.
  package static let inputOutputWrite = Self(rawValue: SQLITE_IOERR | 3 << 8)

  /// The corresponding C code is `SQLITE_CORRUPT`.
  package static let corrupt = Self(rawValue: SQLITE_CORRUPT)

  /// The corresponding C code is `SQLITE_FULL`.
  package static let full = Self(rawValue: SQLITE_FULL)

  /// The corresponding C code is `SQLITE_CANTOPEN`.
  package static let cannotOpen = Self(rawValue: SQLITE_CANTOPEN)

  /// The corresponding C code is `SQLITE_TOOBIG`.
  package static let tooBig = Self(rawValue: SQLITE_TOOBIG)

  /// The corresponding C code is `SQLITE_CONSTRAINT`.
  package static let constraint = Self(rawValue: SQLITE_CONSTRAINT)

  /// The corresponding C code is `SQLITE_CONSTRAINT_UNIQUE`.
  package static let constraintUnique = Self(rawValue: SQLITE_CONSTRAINT | 8 << 8)

  /// The corresponding C code is `SQLITE_NOTADB`.
  package static let notADatabase = Self(rawValue: SQLITE_NOTADB)

  /// Whether a code is the pattern, or an extended code of the pattern's family.
  package static func ~= (pattern: ResultCode, code: ResultCode) -> Bool {
    pattern == code || pattern == code.primary
  }
}

/// Why SQLite refused.
///
/// It names the statement and never a bound value: values are personal data, and errors are
/// logged and sent to callers.
package struct SQLiteError: Error, Hashable, Sendable {
  /// What happened; extended.
  package let code: ResultCode

  /// What SQLite says of it.
  package let message: String

  /// The statement, with `?` where values stand; empty where there was none.
  package let sql: String

  /// The system's error number, where a file couldn't be opened or used; 0 otherwise.
  package let systemNumber: Int32

  /// Creates an error.
  package init(code: ResultCode, message: String, sql: String = "", systemNumber: Int32 = 0) {
    self.code = code
    self.message = message
    self.sql = sql
    self.systemNumber = systemNumber
  }

  /// Whether the process, or the system, has as many files open as may be.
  package var isOutOfDescriptors: Bool { FileError.isOutOfDescriptors(systemNumber) }

  /// Creates an error of what the database said last.
  ///
  /// The message of a plain `SQLITE_ERROR` while rows are read may quote a bound value (FTS5 does
  /// with a query it can't parse), so the code's general text stands in for it.
  init(_ code: Int32, _ handle: OpaquePointer?, sql: String, quotesOnlySQL: Bool) {
    let code = ResultCode(rawValue: code)
    var message = code.explanation
    if let handle, quotesOnlySQL || code.primary != .error, let text = sqlite3_errmsg(handle) {
      message = String(cString: text)
    }
    let isOfSystem = code.primary == .cannotOpen || code.primary == .inputOutput
    let number = isOfSystem ? handle.map { sqlite3_system_errno($0) } ?? 0 : 0
    self.init(code: code, message: message, sql: sql, systemNumber: number)
  }
}

extension SQLiteError: CustomStringConvertible {
  package var description: String {
    let statement = sql.isEmpty ? "" : ", in: \(sql)"
    return "sqlite error \(code.rawValue): \(message)\(statement)"
  }
}
