/// A phone or an address: an element of a customer's list, which its key tells from the others.
package protocol CustomerElement: Hashable, Sendable {
  /// The texts that make it up.
  associatedtype Part: ElementPart where Part.Element == Self

  /// The list.
  static var field: CustomerField { get }

  /// The name of one on screens.
  static var label: String { get }

  /// The most a customer may have.
  static var countMax: Int { get }

  /// UUID; empty while it is new.
  var key: String { get set }

  /// All of it in one line, for people.
  var line: String { get }

  /// Creates one without anything.
  init()

  /// The same with what follows from the rest filled in; `nil` if nothing is missing.
  var completed: Self? { get }
}

/// A text of an element by its name in JSON, in the order in which it is shown.
package protocol ElementPart: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  associatedtype Element

  /// What it holds, and where it is.
  var content: PartContent<Element> { get }

  /// The name on screens.
  var label: String { get }
}

/// What a part of an element holds, and where it is.
package enum PartContent<Element>: Sendable {
  /// One text.
  case text(any WritableKeyPath<Element, String> & Sendable, TextRule)

  /// What a number is.
  case kind(any WritableKeyPath<Element, PhoneNumber.Kind> & Sendable)
}

extension ElementPart {
  /// The text in an element; empty where there is none.
  package func text(in element: Element) -> String {
    switch content {
    case .text(let path, _): element[keyPath: path]
    case .kind(let path): element[keyPath: path].name
    }
  }

  /// Writes a text into an element.
  ///
  /// - Throws: If it is no kind of number and has to be one.
  package func set(_ text: String, in element: inout Element) throws(FieldError) {
    switch content {
    case .text(let path, _): element[keyPath: path] = text
    case .kind(let path):
      guard let kind = PhoneNumber.Kind(name: text) else {
        let names = PhoneNumber.Kind.named.map(\.name).joined(separator: ", ")
        throw FieldError(field: rawValue, reason: "'\(Text.shown(text))' is none of \(names)")
      }
      element[keyPath: path] = kind
    }
  }

  /// Whether the part says which element it is, not what.
  package var isKey: Bool {
    if case .text(_, .key) = content { true } else { false }
  }
}
