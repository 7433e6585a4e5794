import CustomerClient
import CustomerModel

// Deleting, and bringing back.

extension ConsoleState {
  /// Deletes a customer as it was seen.
  mutating func delete(_ customer: Customer) {
    guard mayWrite(customer.customerID) else { return }
    let id = customer.customerID
    let write = UnansweredWrite(kind: .deletion, sent: customer)
    send(write, .delete(id, version: customer.version), .delete(id))
  }

  mutating func takeDeleted(_ id: String, _ result: Result<ConsoleAnswer, CustomerError>) {
    let seen = details?.base.customerID == id ? details?.base : nil
    let known = knownCustomer(id)
    let name = known.map { $0.shownName } ?? id
    switch result {
    case .success:
      connected()
      showDeleted(id)
    case .failure(.conflict(_, let current)):
      if let current { takeNewer(current) }
      tell("\(name) was changed meanwhile and isn't deleted: look again", .warning)
    case .failure(.notFound):
      list.remove(id)
      list.reveal(rows: listRows)
      if seen != nil { closeDetails() }
      tell("\(name) was deleted already", .warning)
    case .failure(.unavailable(let message, _)):
      lose(message)
      tell("\(name) isn't deleted: \(message)", .bad)
    case .failure(let error): tell("\(name) isn't deleted", error)
    }
  }

  /// A customer as it is shown, in its details or in the list.
  private func knownCustomer(_ id: String) -> Customer? {
    if let open = details, open.base.customerID == id { return open.base }
    return list.row(of: id).flatMap { list.customer($0) }
  }

  /// Shows that a customer was deleted here.
  mutating func showDeleted(_ id: String) {
    let known = knownCustomer(id)
    if details?.base.customerID == id { closeDetails() }
    let row = list.remove(id) ?? 0
    list.reveal(rows: listRows)
    if let known { keepForUndo(DeletedCustomer(customer: known, row: row)) }
    tell("\(known.map { $0.shownName } ?? id) is deleted; u undoes it", .good)
    loadWhatIsShown()
  }

  private mutating func keepForUndo(_ customer: DeletedCustomer) {
    deleted.append(customer)
    if deleted.count > Self.undoneMax { deleted.removeFirst() }
  }

  /// Brings back what was deleted last.
  mutating func undo() {
    guard let last = deleted.last else {
      tell("Nothing was deleted here that could be undone")
      return
    }
    let id = last.customer.customerID
    guard !isCalling(.undo(id)), mayWrite(id) else { return }
    let write = UnansweredWrite(kind: .undo, sent: last.customer)
    send(write, .replace(last.customer), .undo(id))
  }

  mutating func takeUndone(_ id: String, _ result: Result<ConsoleAnswer, CustomerError>) {
    guard let index = deleted.lastIndex(where: { $0.customer.customerID == id }) else { return }
    let name = deleted[index].customer.shownName
    switch result {
    case .success(.customer(let customer)):
      connected()
      showBack(customer)
    case .failure(.conflict):
      deleted.remove(at: index)
      tell("\(name) is there again already", .warning)
    case .failure(.unavailable(let message, _)):
      lose(message)
      tell("\(name) isn't back: \(message)", .bad)
    case .failure(let error): tell("\(name) isn't back", error)
    default: break
    }
  }
  /// Shows a customer whose deletion was undone here.
  mutating func showBack(_ customer: Customer) {
    let id = customer.customerID
    var row = 0
    if let index = deleted.lastIndex(where: { $0.customer.customerID == id }) {
      row = deleted.remove(at: index).row
    }
    if list.row(of: id) == nil {
      list.insert(customer, row: row)
    } else {
      list.replace(customer)
    }
    list.marks[id] = nil
    if let row = list.row(of: id) { list.selected = row }
    list.reveal(rows: listRows)
    tell("\(customer.shownName) is back", .good)
  }
}
