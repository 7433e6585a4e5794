import CustomerClient
import CustomerModel

// Deleting, and bringing back.

extension ConsoleState {
  /// Deletes a customer as it was seen.
  mutating func delete(_ customer: Customer) {
    call(.delete(customer.customerID, version: customer.version), .delete(customer.customerID))
  }

  mutating func takeDeleted(_ id: String, _ result: Result<ConsoleAnswer, CustomerError>) {
    let seen = details?.base.customerID == id ? details?.base : nil
    let known = seen ?? list.row(of: id).flatMap { list.customer($0) }
    let name = known.map { CustomerText.name($0) } ?? id
    switch result {
    case .success:
      connected()
      if seen != nil { closeDetails() }
      let row = list.remove(id) ?? 0
      list.reveal(rows: listRows)
      if let known { keepForUndo(DeletedCustomer(customer: known, row: row)) }
      tell("\(name) is deleted; u undoes it", .good)
      loadWhatIsShown()
    case .failure(.conflict(_, let current)):
      if let current { takeNewer(current) }
      tell("\(name) was changed meanwhile and isn't deleted: look again", .warning)
    case .failure(.notFound):
      list.remove(id)
      list.reveal(rows: listRows)
      if seen != nil { closeDetails() }
      tell("\(name) was deleted already", .warning)
    case .failure(.unavailable(let message, let outcome)):
      lose(message)
      tell(
        outcome == .perhapsDone
          ? "\(name) may be deleted: the daemon went away" : "\(name) isn't deleted: \(message)",
        .bad
      )
    case .failure(let error): tell("\(name) isn't deleted", error)
    }
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
    guard !isCalling(.undo(id)) else { return }
    call(.update(last.customer, mask: ["*"], allowMissing: true), .undo(id))
  }

  mutating func takeUndone(_ id: String, _ result: Result<ConsoleAnswer, CustomerError>) {
    guard let index = deleted.lastIndex(where: { $0.customer.customerID == id }) else { return }
    let name = CustomerText.name(deleted[index].customer)
    switch result {
    case .success(.customer(let customer)):
      connected()
      let row = deleted.remove(at: index).row
      if list.row(of: id) == nil {
        list.insert(customer, row: row)
      } else {
        list.replace(customer)
      }
      list.marks[id] = nil
      if let row = list.row(of: id) { list.selected = row }
      list.reveal(rows: listRows)
      tell("\(name) is back", .good)
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
}
