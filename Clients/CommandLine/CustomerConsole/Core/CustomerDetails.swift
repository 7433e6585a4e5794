import CustomerModel

/// The Customer Details screen: a customer, what was changed of it, and its history.
struct CustomerDetails: Equatable, Sendable {
  enum Tab: Sendable {
    case details
    case history
  }

  /// What Tab goes through, from top to bottom.
  enum Item: Hashable, Sendable {
    case tabs
    case field(DraftField)
    case removePhone(Int)
    case removeAddress(Int)
    case removeAttribute(Int)
    case phoneType(Int)
    case addPhone
    case addAddress
    case addAttribute
    case save
    case delete
    case close
  }

  /// The record as it was read.
  var base: Customer

  /// The record as it is being edited.
  var draft: CustomerDraft

  var tab = Tab.details
  var focus = Item.tabs

  /// The text in focus, with its cursor.
  var editor = TextField()

  /// The first line of the form in view.
  var top = 0

  /// What is wrong, by field; `customer` is none of them.
  var errors: [String: String] = [:]

  /// What another program changed while the customer is open.
  var marks: Set<MergeField> = []

  /// Who deleted the customer while it is open.
  var deletedBy: String?

  /// What a save ran into.
  var conflict: SaveConflict?

  var history: CustomerHistory?

  /// Whether the daemon has a change and hasn't answered.
  var isSaving = false

  /// Whether the answer never came, and what became of it isn't known yet.
  var isUnanswered = false

  /// Whether to close when the save is done.
  var closesWhenSaved = false

  /// The version that is being restored.
  var restoring: UInt64?

  /// How often a save was repeated on top of what others wrote.
  var merges = 0

  /// Creates the screen of a customer.
  init(_ customer: Customer) {
    base = customer
    draft = CustomerDraft(customer)
  }

  /// The fields that were changed.
  var changes: [MergeField] { CustomerMerge.differences(base, draft.customer) }

  /// Whether there is anything to save, or to lose.
  var isChanged: Bool { !changes.isEmpty }

  /// Whether Save does anything: a customer that was deleted meanwhile can be brought back as it is.
  var canBeSaved: Bool { isChanged || deletedBy != nil }

  /// Everything that can be in focus, from top to bottom.
  var items: [Item] {
    var items: [Item] = [
      .tabs, .field(.firstName), .field(.lastName), .field(.displayName), .field(.emailAddress),
    ]
    for index in draft.phones.indices {
      items += [.removePhone(index), .phoneType(index)]
      items += Self.phoneParts.map { .field(.phone(index, $0)) }
    }
    items.append(.addPhone)
    for index in draft.addresses.indices {
      items.append(.removeAddress(index))
      items += Self.addressParts.map { .field(.address(index, $0)) }
    }
    items.append(.addAddress)
    for index in draft.attributes.indices {
      items += [.field(.attributeName(index)), .field(.attributeValue(index))]
      items.append(.removeAttribute(index))
    }
    return items + [.addAttribute, .save, .delete, .close]
  }

  /// The texts of a phone that are typed.
  static let phoneParts: [PhonePart] = [.country, .numberLocal, .numberInternational]

  /// The texts of an address that are typed.
  static let addressParts: [AddressPart] = [
    .address1, .address2, .suburb, .postcode, .state, .country,
  ]

  /// Puts an item in focus.
  mutating func setFocus(_ item: Item) {
    focus = item
    if case .field(let field) = item { editor = TextField(draft[field]) }
  }

  /// Goes to the next or an earlier item.
  mutating func move(_ distance: Int) {
    let items = items
    let index = items.firstIndex(of: focus) ?? 0
    setFocus(items[(index + distance + items.count) % items.count])
  }

  /// Keeps the focus on something that is there.
  mutating func settleFocus() {
    if case .field(let field) = focus, items.contains(focus), draft[field] == editor.text {
      // The cursor stays where it is.
      return
    }
    setFocus(items.contains(focus) ? focus : .tabs)
  }

  /// Changes the text in focus.
  mutating func edit(_ change: (inout TextField) -> Void) {
    guard case .field(let field) = focus else { return }
    change(&editor)
    guard editor.text != draft[field] else { return }
    draft[field] = editor.text
    errors[path(of: field)] = nil
    errors["customer"] = nil
  }

  /// A field's name in errors, as it would be written.
  func path(of field: DraftField) -> String {
    switch field {
    case .firstName: "firstName"
    case .lastName: "lastName"
    case .displayName: "displayName"
    case .emailAddress: "emailAddress"
    case .phone(let index, let part): "phones[\(index)].\(part.rawValue)"
    case .address(let index, let part): "addresses[\(index)].\(part.rawValue)"
    case .attributeName(let index): "attributes#\(index)"
    case .attributeValue(let index): "attributes.\(draft.attributes[index].name)"
    }
  }

  /// Takes in what is wrong, each under the field as it stands here.
  mutating func take(problems: [String: String]) {
    errors = [:]
    for (path, text) in problems { errors[shown(path)] = text }
    for (index, text) in draft.attributeProblems { errors["attributes#\(index)"] = text }
    let broken = items.first { item in
      if case .field(let field) = item { errors[self.path(of: field)] != nil } else { false }
    }
    if let broken { setFocus(broken) }
  }

  /// The path of what stands in another place here than it is written in.
  private func shown(_ path: String) -> String {
    for (list, isPhone) in [("phones[", true), ("addresses[", false)] where path.hasPrefix(list) {
      let rest = path.dropFirst(list.count)
      guard let end = rest.firstIndex(of: "]"), let index = Int(rest[..<end]),
        let place = draft.place(ofWritten: index, isPhone: isPhone)
      else { return path }
      return "\(list)\(place)\(rest[end...])"
    }
    return path
  }

  /// Goes on from a newer record, with what was changed here on top of it.
  mutating func rebase(on newer: Customer) {
    let merged = CustomerMerge.merged(base: base, mine: draft.customer, theirs: newer)
    base = newer
    draft = CustomerDraft(merged)
    settleFocus()
  }

  /// Shows a record that was written here.
  mutating func written(_ customer: Customer) {
    base = customer
    draft = CustomerDraft(customer)
    errors = [:]
    marks = []
    conflict = nil
    deletedBy = nil
    isSaving = false
    restoring = nil
    merges = 0
    settleFocus()
  }
}

/// What a save ran into: fields that somebody else changed too, each to something else.
struct SaveConflict: Equatable, Sendable {
  /// The record as it is now.
  var theirs: Customer

  /// What both changed.
  var fields: [MergeField]

  /// Whose value is kept, for each field.
  var keepsMine: [Bool]

  /// The field in focus.
  var focus = 0

  /// Who wrote their record; empty until it is known.
  var who = ""
}
