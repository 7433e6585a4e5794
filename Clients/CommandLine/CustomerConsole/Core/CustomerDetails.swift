import CustomerFormats
import CustomerModel
import Terminal

/// The Customer Details screen: a customer, what was changed of it, and its history.
struct CustomerDetails: Equatable, Sendable {
  enum Tab: Sendable {
    case details
    case history
  }

  /// What Tab goes through, from top to bottom.
  enum Item: Hashable, Sendable {
    case tabs
    case field(FormField)
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
  var marks: Set<CustomerPart> = []

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

  /// Creates the screen of a customer.
  init(_ customer: Customer) {
    base = customer
    draft = CustomerDraft(customer)
  }

  /// The parts that were changed.
  var changes: [CustomerPart] { draft.customer.parts(changedFrom: base) }

  /// Whether there is anything to save, or to lose.
  var isChanged: Bool { !changes.isEmpty }

  /// Whether Save does anything: a customer that was deleted meanwhile can be brought back as it is.
  var canBeSaved: Bool { isChanged || deletedBy != nil }

  /// Everything that can be in focus, from top to bottom.
  var items: [Item] {
    var items: [Item] = [.tabs]
    items += CustomerField.texts.map { .field(.text(.field($0))) }
    for index in draft.phones.indices {
      items += [.removePhone(index), .phoneType(index)]
      items += PhonePart.typed.map { .field(.text(.phone(index, $0))) }
    }
    items.append(.addPhone)
    for index in draft.addresses.indices {
      items.append(.removeAddress(index))
      items += AddressPart.typed.map { .field(.text(.address(index, $0))) }
    }
    items.append(.addAddress)
    for index in draft.attributes.indices {
      items += [.field(.attributeName(index)), .field(.attributeValue(index))]
      items.append(.removeAttribute(index))
    }
    return items + [.addAttribute, .save, .delete, .close]
  }

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
  func path(of field: FormField) -> String {
    switch field {
    case .text(let path): path.text
    case .attributeName(let index): "attributes#\(index)"
    case .attributeValue(let index): FieldPath.attribute(draft.attributes[index].name).text
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
    guard let written = try? FieldPath(path), let index = written.place,
      let place = draft.place(ofWritten: index, in: written.field)
    else { return path }
    return written.moved(to: place).text
  }

  /// Goes on from a newer record, with what was changed here on top of it.
  mutating func rebase(on newer: Customer) {
    let merge = CustomerMerge(base: base, mine: draft.customer, theirs: newer)
    base = newer
    draft = CustomerDraft(merge.merged)
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
    settleFocus()
  }
}

/// What a save ran into: fields that somebody else changed too, each to something else.
struct SaveConflict: Equatable, Sendable {
  /// The record as it is now.
  var theirs: Customer

  /// What both changed.
  var parts: [CustomerPart]

  /// Whose value is kept, for each part.
  var keepsMine: [Bool]

  /// The part in focus.
  var focus = 0

  /// Who wrote their record; empty until it is known.
  var who = ""
}
