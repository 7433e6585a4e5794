/// JSON that is made of texts, as all of a customer's is, to be printed as the codec prints it.
package indirect enum JSONTree: Equatable {
  case text(String)
  case array([JSONTree])
  case object(Members)

  /// The members of an object, in the order in which they were added.
  package struct Members: Equatable {
    fileprivate var all: [(name: String, value: JSONTree)] = []

    /// Tells objects in a list apart while it is made; never printed.
    var mark: Int?

    /// Creates an object without members.
    package init(mark: Int? = nil) { self.mark = mark }

    /// The value of a member; setting nil takes it away.
    package subscript(name: String) -> JSONTree? {
      get { all.first { $0.name == name }?.value }
      set {
        let place = all.firstIndex { $0.name == name }
        switch (place, newValue) {
        case (let place?, let value?): all[place].value = value
        case (let place?, nil): all.remove(at: place)
        case (nil, let value?): all.append((name, value))
        case (nil, nil): break
        }
      }
    }

    /// Adds another object's members.
    mutating func merge(_ other: Members) {
      for member in other.all { self[member.name] = member.value }
    }

    package static func == (left: Members, right: Members) -> Bool {
      left.all.count == right.all.count && zip(left.all, right.all).allSatisfy { $0 == $1 }
    }
  }

  /// An object's members; nil of anything else.
  var members: Members? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// An array's elements; nil of anything else.
  var elements: [JSONTree]? {
    guard case .array(let elements) = self else { return nil }
    return elements
  }

  /// In one line, without spaces.
  package var compact: String {
    switch self {
    case .text(let text): JSONString.quoted(text)
    case .array(let elements): "[" + elements.map(\.compact).joined(separator: ",") + "]"
    case .object(let members):
      "{"
        + members.all.map { JSONString.quoted($0.name) + ":" + $0.value.compact }
        .joined(separator: ",") + "}"
    }
  }

  /// With a member a line.
  package var pretty: String { pretty(margin: "") }

  private func pretty(margin: String) -> String {
    let inner = margin + "  "
    switch self {
    case .text, .array([]): return compact
    case .object(let members) where members.all.isEmpty: return compact
    case .array(let elements):
      let lines = elements.map { inner + $0.pretty(margin: inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(margin)]"
    case .object(let members):
      let lines = members.all.map { member in
        inner + JSONString.quoted(member.name) + ": " + member.value.pretty(margin: inner)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(margin)}"
    }
  }
}
