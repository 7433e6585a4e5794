/// What waits for something scarce, taken user by user, and connection by connection of a user.
///
/// A thousand jobs of one connection wait behind each other and not before another's one: that is
/// taken after at most one job of each other user, and of each other connection of its own. Within
/// a connection the order is that of arrival.
struct FairQueue<Element> {
  /// The jobs of one connection.
  private struct Line {
    var jobs: [(ticket: UInt64, element: Element)] = []
  }

  /// The connections of one user, the one whose turn it is first.
  private struct Lines {
    var turns: [UInt64] = []
    var lines: [UInt64: Line] = [:]
    var count = 0
  }

  /// The users who wait, the one whose turn it is first.
  private var turns: [UInt32] = []
  private var users: [UInt32: Lines] = [:]

  /// Who waits with which ticket.
  private var callers: [UInt64: Caller] = [:]

  /// The number of jobs that wait.
  var count: Int { callers.count }

  /// Whether nothing waits.
  var isEmpty: Bool { callers.isEmpty }

  /// Adds a job.
  ///
  /// - Parameters:
  ///   - element: The job.
  ///   - ticket: A number that no other job has.
  ///   - caller: Whose it is.
  mutating func append(_ element: Element, ticket: UInt64, of caller: Caller) {
    callers[ticket] = caller
    if users[caller.user] == nil { turns.append(caller.user) }
    var user = users.removeValue(forKey: caller.user) ?? Lines()
    if user.lines[caller.connection] == nil { user.turns.append(caller.connection) }
    user.lines[caller.connection, default: Line()].jobs.append((ticket, element))
    user.count += 1
    users[caller.user] = user
  }

  /// Takes the job whose turn it is.
  mutating func popFirst() -> Element? {
    guard let name = turns.first, let connection = users[name]?.turns.first else { return nil }
    let element = take(0, Caller(user: name, connection: connection))
    // Who still waits stands behind all others now.
    if users[name] != nil { turns.append(turns.removeFirst()) }
    if users[name]?.lines[connection] != nil, let first = users[name]?.turns.removeFirst() {
      users[name]?.turns.append(first)
    }
    return element
  }

  /// Takes a job out of the queue, wherever it stands; `nil` if it isn't there any more.
  mutating func remove(ticket: UInt64) -> Element? {
    guard let caller = callers[ticket],
      let place = users[caller.user]?.lines[caller.connection]?.jobs
        .firstIndex(where: { $0.ticket == ticket })
    else { return nil }
    return take(place, caller)
  }

  /// Takes the job that is to blame most when too many wait: the newest of the connection with the
  /// most jobs, of the user with the most.
  mutating func popGreediest() -> Element? {
    guard let name = turns.max(by: { count(of: $0) < count(of: $1) }),
      let user = users[name],
      let connection = user.turns.max(by: { count(user, $0) < count(user, $1) })
    else { return nil }
    return take(count(user, connection) - 1, Caller(user: name, connection: connection))
  }

  /// Takes all jobs, in no order.
  mutating func removeAll() -> [Element] {
    let elements = users.values.flatMap { $0.lines.values.flatMap { $0.jobs.map(\.element) } }
    self = FairQueue()
    return elements
  }

  private func count(of user: UInt32) -> Int { users[user]?.count ?? 0 }

  private func count(_ user: Lines, _ connection: UInt64) -> Int {
    user.lines[connection]?.jobs.count ?? 0
  }

  private mutating func take(_ place: Int, _ caller: Caller) -> Element? {
    guard var user = users.removeValue(forKey: caller.user),
      var line = user.lines.removeValue(forKey: caller.connection)
    else { return nil }
    let (ticket, element) = line.jobs.remove(at: place)
    callers[ticket] = nil
    user.count -= 1
    if line.jobs.isEmpty {
      user.turns.removeAll { $0 == caller.connection }
    } else {
      user.lines[caller.connection] = line
    }
    if user.count == 0 {
      turns.removeAll { $0 == caller.user }
    } else {
      users[caller.user] = user
    }
    return element
  }
}
