/// Finds the messages that can contain themselves without a list or map between.
///
/// A Swift structure can't: such a field is kept in a box. The messages of one circle are a
/// strongly connected component of "has a single field of"; Tarjan's algorithm, with its own stack
/// because a schema may chain more messages than ours holds.
struct RecursiveMessages {
  /// The circle that each message is in; messages of one circle share a number.
  private(set) var circles: [String: Int] = [:]

  private var numbers: [String: Int] = [:]
  private var lowest: [String: Int] = [:]
  private var open: [String] = []
  private var isOpen: Set<String> = []
  private var edges: [String: [String]] = [:]

  init(_ schema: LinkedSchema) {
    for (name, message) in schema.messages {
      edges[name] = message.fields.compactMap { field in
        if case .message(let target) = field.type, !field.isRepeated { target } else { nil }
      }
    }
    for name in edges.keys.sorted() where numbers[name] == nil { visit(name) }
  }

  /// Whether a field of one message, of the type of another, closes a circle.
  func areRecursive(_ message: String, _ target: String) -> Bool {
    guard let circle = circles[message] else { return false }
    return circles[target] == circle
  }

  private mutating func visit(_ root: String) {
    var path: [(name: String, next: Int)] = []
    enter(root, &path)
    while let (name, next) = path.last {
      let targets = edges[name] ?? []
      if next < targets.count {
        path[path.count - 1].next += 1
        let target = targets[next]
        if numbers[target] == nil {
          enter(target, &path)
        } else if isOpen.contains(target) {
          lowest[name] = min(lowest[name] ?? 0, numbers[target] ?? 0)
        }
        continue
      }
      path.removeLast()
      if let around = path.last?.name {
        lowest[around] = min(lowest[around] ?? 0, lowest[name] ?? 0)
      }
      if lowest[name] == numbers[name] { close(name) }
    }
  }

  private mutating func enter(_ name: String, _ path: inout [(name: String, next: Int)]) {
    let number = numbers.count
    numbers[name] = number
    lowest[name] = number
    open.append(name)
    isOpen.insert(name)
    path.append((name, 0))
  }

  private mutating func close(_ root: String) {
    let isLoop = edges[root]?.contains(root) == true
    let circle = numbers[root] ?? 0
    let isCircle = open.last != root || isLoop
    while let member = open.popLast() {
      isOpen.remove(member)
      if isCircle { circles[member] = circle }
      if member == root { break }
    }
  }
}
