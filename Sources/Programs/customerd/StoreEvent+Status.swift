import CustomerStore

extension StoreEvent {
  /// What the daemon is at before it serves, for the service manager; `nil` where that takes no time.
  var status: String? {
    switch self {
    case .checking(let path): "reading \(path) through"
    case .migrating(let from, let to, _): "taking tables from version \(from) to \(to)"
    case .rebuilding(let done, let total): "making derived data anew: \(done) of \(total)"
    case .fileMoved(let path): "nothing is served: \(path) was moved, replaced or removed"
    case .created, .checked, .rebuilt, .readerReplaced, .indexingFailed, .erasingFailed,
      .checkpointFailed, .optimizingFailed, .forgettingFailed:
      nil
    }
  }
}
