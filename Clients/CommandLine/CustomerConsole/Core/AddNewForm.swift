import CustomerClient
import CustomerFormats
import CustomerModel
import Terminal

/// The panel for a new customer.
struct AddNewForm: Equatable, Sendable {
  /// What Tab goes through.
  enum Item: Hashable, Sendable {
    case field(CustomerField)
    case submit
    case cancel

    /// The field; nil for a button.
    var field: CustomerField? {
      if case .field(let field) = self { field } else { nil }
    }
  }

  /// Everything that can be in focus, from top to bottom.
  static let items = CustomerField.texts.map(Item.field) + [.submit, .cancel]

  /// The id that the customer will have, however often Submit is tried.
  let id: String

  var fields: [CustomerField: TextField] = [:]
  var focus = items[0]

  /// What is wrong, by field; `customer` is none of them.
  var errors: [String: String] = [:]

  /// Whether the display name is the user's own, not made of first and last name.
  var isDisplayNameTyped = false

  /// Who has the e-mail address already.
  var hint: String?

  /// The address that the hint is about, or was asked for.
  var hintedEmail = ""

  var isSubmitting = false

  /// Whether no answer came, and what became of the customer isn't known yet.
  var isUnanswered = false

  /// Whether nothing can be typed: the daemon has what stands here.
  var isLocked: Bool { isSubmitting || isUnanswered }

  /// Whether anything was typed.
  var isTouched: Bool { fields.values.contains { !$0.text.isEmpty } }

  subscript(field: CustomerField) -> TextField {
    get { fields[field] ?? TextField() }
    set { fields[field] = newValue }
  }

  /// The customer as typed.
  var customer: Customer {
    var customer = Customer(customerID: id)
    for field in CustomerField.texts {
      try? FieldPath.field(field).set(self[field].text, in: &customer)
    }
    return customer
  }

  /// Changes the field in focus, and what follows from it.
  mutating func edit(_ change: (inout TextField) -> Void) {
    guard let field = focus.field else { return }
    let before = self[field].text
    change(&self[field])
    guard self[field].text != before else { return }
    errors[field.jsonName] = nil
    errors["customer"] = nil
    if field == .emailAddress { hint = nil }
    if field == .displayName { isDisplayNameTyped = !self[field].text.isEmpty }
    fillDisplayName()
  }

  private mutating func fillDisplayName() {
    guard !isDisplayNameTyped, focus.field != .displayName else { return }
    self[.displayName] = TextField(customer.fullName)
    errors[CustomerField.displayName.jsonName] = nil
  }

  /// Goes to the next or an earlier item.
  mutating func move(_ distance: Int) {
    let place = Self.items.firstIndex(of: focus) ?? 0
    focus = Self.items[(place + distance + Self.items.count) % Self.items.count]
  }

  /// Goes to the first field that something is wrong with.
  mutating func focusFirstError() {
    if let field = CustomerField.texts.first(where: { errors[$0.jsonName] != nil }) {
      focus = .field(field)
    }
  }
}

extension ConsoleState {
  mutating func openAddNew() {
    addNew = AddNewForm(id: context.makeID().description)
    notice = nil
  }

  mutating func closeAddNew() {
    addNew = nil
    cancel(.sameEmail)
  }

  mutating func pressInAddNew(_ key: Key) {
    guard var form = addNew else { return }
    if form.isSubmitting {
      if key.code == .escape { tell("The daemon has the customer already: wait for its answer") }
      return
    }
    if form.isUnanswered, key.code != .escape {
      tell("No answer: perhaps created. Looked up as soon as it answers", .warning)
      return
    }
    let before = form.focus
    switch (key.code, key.modifiers) {
    case (.escape, _):
      cancelAddNew()
      return
    case (.character("s"), .control):
      submit()
      return
    case (.tab, .shift), (.up, _): form.move(-1)
    case (.tab, _), (.down, _): form.move(1)
    case (.enter, _):
      switch form.focus {
      case .submit: return submit()
      case .cancel: return cancelAddNew()
      case .field: form.move(1)
      }
    case (.left, []) where form.focus.field == nil: form.focus = .submit
    case (.right, []) where form.focus.field == nil: form.focus = .cancel
    default: form.edit { _ = $0.handle(key) }
    }
    addNew = form
    leave(before, for: form.focus)
  }

  mutating func pasteInAddNew(_ text: String) {
    guard addNew?.isLocked == false else { return }
    addNew?.edit { $0.insert(text) }
  }

  private mutating func cancelAddNew() {
    if addNew?.isTouched == true { question = .discardNew } else { closeAddNew() }
  }

  /// Goes from one item to another.
  mutating func leave(_ item: AddNewForm.Item, for next: AddNewForm.Item) {
    if item != next { left(item) }
  }

  /// Looks at a field that was left: what breaks a rule is said at once, not only by Submit.
  private mutating func left(_ item: AddNewForm.Item) {
    guard let form = addNew, let field = item.field, !form[field].text.isEmpty else { return }
    let problem = CustomerRules.problems(form.customer, for: .create, context)[field.jsonName]
    addNew?.errors[field.jsonName] = problem
    guard field == .emailAddress, problem == nil else { return }
    askSameEmail(trimmed(form[.emailAddress].text))
  }

  private mutating func askSameEmail(_ email: String) {
    guard addNew?.hintedEmail != email, let filter = CustomerRules.filter(email: email) else {
      return
    }
    addNew?.hintedEmail = email
    var request = ListCustomersRequest()
    request.pageSize = 2
    request.filter = filter
    call(.list(request), .sameEmail)
  }

  mutating func takeSameEmail(_ result: Result<ConsoleAnswer, CustomerError>) {
    // Only a hint: a daemon that can't look, or isn't there, gives none.
    guard case .success(.page(let response)) = result, let first = response.customers.first,
      let form = addNew, trimmed(form[.emailAddress].text) == form.hintedEmail
    else { return }
    let others = response.customers.count > 1 ? " and others" : ""
    addNew?.hint = "\(first.shownName)\(others) has this address already"
  }

  private mutating func submit() {
    guard let customer = addNew?.customer else { return }
    let problems = CustomerRules.problems(customer, for: .create, context)
    guard problems.isEmpty else {
      addNew?.errors = problems
      addNew?.focusFirstError()
      return
    }
    addNew?.errors = [:]
    addNew?.isSubmitting = true
    send(UnansweredWrite(kind: .creation, sent: customer), .create(customer), .create)
  }

  mutating func takeCreated(_ result: Result<ConsoleAnswer, CustomerError>) {
    guard let form = addNew else { return }
    addNew?.isSubmitting = false
    switch result {
    case .success(.customer(let customer)):
      connected()
      show(created: customer)
    case .failure(.invalid(let message, let violations)):
      let problems = violations.map { ($0.field, $0.description) }
      addNew?.errors = Dictionary(problems) { "\($0); \($1)" }
      if problems.isEmpty { addNew?.errors["customer"] = message }
      addNew?.focusFirstError()
    case .failure(.alreadyExists(_, let other)) where other.isEmpty || other == form.id:
      // An earlier try was carried out, though its answer got lost.
      closeAddNew()
      call(.get(form.id), .open)
    case .failure(.alreadyExists(let message, _)):
      addNew?.errors[CustomerField.emailAddress.jsonName] = message
      addNew?.focusFirstError()
    case .failure(.unavailable(let message, _)):
      lose(message)
      addNew?.errors["customer"] = "no daemon answers: Submit again when it is back"
    case .failure(let error): addNew?.errors["customer"] = error.message
    default: break
    }
  }

  /// Shows a customer that was made here: in its place if that is in view, and selected.
  mutating func show(created customer: Customer) {
    closeAddNew()
    section = .customers
    tell("\(customer.shownName) is created", .good)
    list.isTyping = false
    list.query = TextField()
    cancel(.search)
    list.found = nil
    list.reveal(rows: listRows)
    guard list.order == .creation, list.pages.isComplete,
      list.pages.missing(max(list.pages.rowCount - 1, 0)..<list.pages.rowCount) == nil
    else {
      if let total = list.total { list.total = total + 1 }
      reloadList()
      list.wanted = customer.customerID
      return
    }
    if list.pages.row(of: customer.customerID) == nil {
      list.insert(customer, row: list.pages.rowCount)
    }
    list.selected = list.pages.row(of: customer.customerID) ?? list.selected
    list.reveal(rows: listRows)
  }
}
