import CustomerFormats
import CustomerModel

/// The lines of the details form, whether in view or not.
struct DetailsForm {
  /// One line.
  enum Line: Equatable {
    case blank
    case info(label: String, value: String)
    case text(FormField, label: String)
    case type(phone: Int)
    case heading(CustomerDetails.Item, title: String, key: String)
    case add(CustomerDetails.Item, label: String)
    case attributeHeading
    case attribute(Int)
    case problem(String)
  }

  let lines: [Line]

  /// Lays a customer out.
  init(_ details: CustomerDetails, clock: ClockText) {
    var form = Builder(details: details)
    for field in CustomerField.allCases {
      switch field.content {
      case .id, .version: form.info(field, field.text(in: details.base) ?? "")
      case .time(let path): form.info(field, clock.second(details.base[keyPath: path]))
      case .text: form.text(.field(field), field.label)
      case .phones:
        form.list(
          details.draft.phones,
          .addPhone,
          CustomerDetails.Item.removePhone,
          FieldPath.phone
        )
      case .addresses:
        form.list(
          details.draft.addresses,
          .addAddress,
          CustomerDetails.Item.removeAddress,
          FieldPath.address
        )
      case .attributes: form.attributes()
      }
    }
    form.problem("customer")
    lines = form.lines
  }

  /// The line that an item stands in; nil for what always is in view.
  func line(of item: CustomerDetails.Item) -> Int? {
    lines.firstIndex { line in
      switch (line, item) {
      case (.text(let field, _), .field(let focus)): field == focus
      case (.type(let phone), .phoneType(let index)): phone == index
      case (.heading(let own, _, _), _): own == item
      case (.add(let own, _), _): own == item
      case (.attribute(let index), .field(.attributeName(let focus))): index == focus
      case (.attribute(let index), .field(.attributeValue(let focus))): index == focus
      case (.attribute(let index), .removeAttribute(let focus)): index == focus
      default: false
      }
    }
  }

  private struct Builder {
    let details: CustomerDetails
    var lines: [Line] = []

    mutating func info(_ field: CustomerField, _ value: String) {
      lines.append(.info(label: field.label, value: value))
    }

    mutating func text(_ path: FieldPath, _ label: String) {
      lines.append(.text(.text(path), label: label))
      problem(path.text)
    }

    mutating func problem(_ path: String) {
      if let text = details.errors[path] { lines.append(.problem(text)) }
    }

    /// All phones or addresses, and the line that adds one.
    mutating func list<Element: CustomerElement>(
      _ elements: [Element],
      _ add: CustomerDetails.Item,
      _ remove: (Int) -> CustomerDetails.Item,
      _ path: (Int, Element.Part) -> FieldPath
    ) {
      let list = Element.field.jsonName
      let label = Element.label
      for (place, element) in elements.enumerated() {
        let title = "\(label) \(place + 1)"
        lines += [.blank, .heading(remove(place), title: title, key: element.key)]
        for part in Element.Part.allCases where !part.isKey {
          switch part.content {
          case .kind: lines.append(.type(phone: place))
          case .text: text(path(place, part), part.label)
          }
        }
        problem("\(list)[\(place)]")
        let others = Element.Part.allCases.filter { !Element.Part.typed.contains($0) }
        for part in others { problem("\(list)[\(place)].\(part.rawValue)") }
      }
      let article = "AEIOU".contains(label.prefix(1)) ? "an" : "a"
      lines += [.blank, .add(add, label: "Add \(article) \(label.lowercased())")]
      problem(list)
    }

    mutating func attributes() {
      lines += [.blank, .attributeHeading]
      for index in details.draft.attributes.indices {
        lines.append(.attribute(index))
        problem(details.path(of: .attributeName(index)))
        problem(details.path(of: .attributeValue(index)))
      }
      problem(CustomerField.attributes.jsonName)
      lines += [.add(.addAttribute, label: "Add an attribute"), .blank]
    }
  }
}

extension ConsoleState {
  /// How many lines of the form are in view.
  var formRows: Int {
    max(ConsoleLayout(size: size).body.count - DetailsScreen.headRows - DetailsScreen.footRows, 1)
  }

  /// Moves the form so that what is in focus is in view, with what is wrong with it.
  mutating func revealFocus() {
    guard let open = details else { return }
    let form = DetailsForm(open, clock: clock)
    var top = open.top
    if open.focus == .tabs { top = 0 }
    if let line = form.line(of: open.focus) {
      // A line more on either side: headings above, errors below.
      if line - 1 < top { top = line - 1 }
      if line + 2 > top + formRows { top = line + 2 - formRows }
    }
    let rows = formRows
    details?.top = max(0, min(top, form.lines.count - rows))
  }
}
