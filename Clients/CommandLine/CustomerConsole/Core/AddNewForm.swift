import CustomerClient
import CustomerModel

/// The panel for a new customer.
struct AddNewForm: Equatable, Sendable {
  /// What Tab goes through.
  enum Item: Int, CaseIterable, Sendable {
    case firstName
    case lastName
    case displayName
    case emailAddress
    case submit
    case cancel

    /// The field's name in errors; nil for a button.
    var path: String? {
      switch self {
      case .firstName: "firstName"
      case .lastName: "lastName"
      case .displayName: "displayName"
      case .emailAddress: "emailAddress"
      case .submit, .cancel: nil
      }
    }

    var label: String {
      switch self {
      case .firstName: "First Name"
      case .lastName: "Last Name"
      case .displayName: "Display Name"
      case .emailAddress: "Email Address"
      case .submit: "Submit"
      case .cancel: "Cancel"
      }
    }
  }

  /// The id that the customer will have, however often Submit is tried.
  let id: String

  var fields: [Item: TextField] = [:]
  var focus = Item.firstName

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

  subscript(item: Item) -> TextField {
    get { fields[item] ?? TextField() }
    set { fields[item] = newValue }
  }

  /// The customer as typed.
  var customer: Customer {
    Customer(
      customerID: id,
      firstName: self[.firstName].text,
      lastName: self[.lastName].text,
      displayName: self[.displayName].text,
      emailAddress: self[.emailAddress].text
    )
  }

  /// Changes the field in focus, and what follows from it.
  mutating func edit(_ change: (inout TextField) -> Void) {
    guard let path = focus.path else { return }
    let before = self[focus].text
    change(&self[focus])
    guard self[focus].text != before else { return }
    errors[path] = nil
    errors["customer"] = nil
    switch focus {
    case .firstName, .lastName: fillDisplayName()
    case .displayName:
      isDisplayNameTyped = !self[.displayName].text.isEmpty
      fillDisplayName()
    case .emailAddress: hint = nil
    case .submit, .cancel: break
    }
  }

  private mutating func fillDisplayName() {
    guard !isDisplayNameTyped, focus != .displayName else { return }
    self[.displayName] = TextField(
      CustomerText.fullName(self[.firstName].text, self[.lastName].text)
    )
    errors["displayName"] = nil
  }

  /// Goes to the next or an earlier item.
  mutating func move(_ distance: Int) {
    let count = Item.allCases.count
    focus = Item.allCases[(focus.rawValue + distance + count) % count]
  }

  /// Goes to the first field that something is wrong with.
  mutating func focusFirstError() {
    if let item = Item.allCases.first(where: { $0.path.map { errors[$0] != nil } ?? false }) {
      focus = item
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
      case .firstName, .lastName, .displayName, .emailAddress: form.move(1)
      }
    case (.left, []) where form.focus.path == nil: form.focus = .submit
    case (.right, []) where form.focus.path == nil: form.focus = .cancel
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
    guard let form = addNew, let path = item.path, !form[item].text.isEmpty else { return }
    let problems = CustomerRules.problems(form.customer, for: .create, context)
    addNew?.errors[path] = problems[path]
    guard item == .emailAddress, problems[path] == nil else { return }
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
    addNew?.hint = "\(CustomerText.name(first))\(others) has this address already"
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
      addNew?.errors["emailAddress"] = message
      addNew?.focus = .emailAddress
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
    tell("\(CustomerText.name(customer)) is created", .good)
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
