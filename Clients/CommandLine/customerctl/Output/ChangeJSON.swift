import CustomerFormats
import CustomerModel
import ProtoJSON

/// Changes as JSON.
enum ChangeJSON {
  /// A change in one line.
  static func compact(_ change: Change) throws(JSONWriteError) -> String {
    String(decoding: try codec.json(of: change, JSONWriteOptions(.compact)), as: UTF8.self)
  }

  /// A change with a member a line.
  static func pretty(_ change: Change) throws(JSONWriteError) -> String {
    String(decoding: try codec.json(of: change, JSONWriteOptions(.pretty)), as: UTF8.self)
  }

  /// Made once: reading the schema takes longer than writing a change.
  private static let codec: JSONCodec<Change> = {
    do {
      return try JSONCodec()
    } catch {
      preconditionFailure("the schema built into this program is broken: \(error)")
    }
  }()
}
