import CustomerModel

/// The lines of the details form, whether in view or not.
struct DetailsForm {
  /// One line.
  enum Line: Equatable {
    case blank
    case info(label: String, value: String)
    case text(DraftField, label: String)
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
    form.lines.append(.info(label: "Customer ID", value: details.base.customerID))
    form.lines.append(.info(label: "Version", value: "\(details.base.version)"))
    form.text(.firstName, "First Name")
    form.text(.lastName, "Last Name")
    form.text(.displayName, "Display Name")
    form.text(.emailAddress, "Email Address")
    for index in details.draft.phones.indices { form.phone(index) }
    form.lines += [.blank, .add(.addPhone, label: "Add a phone")]
    form.problem("phones")
    for index in details.draft.addresses.indices { form.address(index) }
    form.lines += [.blank, .add(.addAddress, label: "Add an address")]
    form.problem("addresses")
    form.lines += [.blank, .attributeHeading]
    for index in details.draft.attributes.indices { form.attribute(index) }
    form.problem("attributes")
    form.lines.append(.add(.addAttribute, label: "Add an attribute"))
    form.lines.append(.blank)
    form.lines.append(.info(label: "Created", value: clock.second(details.base.createTime)))
    form.lines.append(.info(label: "Updated", value: clock.second(details.base.updateTime)))
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

    mutating func text(_ field: DraftField, _ label: String) {
      lines.append(.text(field, label: label))
      problem(details.path(of: field))
    }

    mutating func problem(_ path: String) {
      if let text = details.errors[path] { lines.append(.problem(text)) }
    }

    mutating func phone(_ index: Int) {
      let key = details.draft.phones[index].key
      lines += [.blank, .heading(.removePhone(index), title: "Phone \(index + 1)", key: key)]
      lines.append(.type(phone: index))
      for part in CustomerDetails.phoneParts {
        text(.phone(index, part), Self.label(part))
      }
      for path in ["phones[\(index)]", "phones[\(index)].key", "phones[\(index)].type"] {
        problem(path)
      }
    }

    mutating func address(_ index: Int) {
      let key = details.draft.addresses[index].key
      lines += [.blank, .heading(.removeAddress(index), title: "Address \(index + 1)", key: key)]
      for part in CustomerDetails.addressParts {
        text(.address(index, part), Self.label(part))
      }
      for path in ["addresses[\(index)]", "addresses[\(index)].key"] { problem(path) }
    }

    mutating func attribute(_ index: Int) {
      lines.append(.attribute(index))
      problem("attributes#\(index)")
      problem(details.path(of: .attributeValue(index)))
    }

    private static func label(_ part: PhonePart) -> String {
      switch part {
      case .country: "Country"
      case .numberLocal: "Number"
      case .numberInternational: "International"
      case .whole, .key, .type: part.rawValue
      }
    }

    private static func label(_ part: AddressPart) -> String {
      switch part {
      case .key: part.rawValue
      case .address1: "Address 1"
      case .address2: "Address 2"
      case .suburb: "Suburb"
      case .postcode: "Postcode"
      case .state: "State"
      case .country: "Country"
      }
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
