import CustomerModel
import Terminal

/// The Add New panel as cells.
struct AddNewScreen {
  let form: AddNewForm

  func render(_ grid: inout Grid, _ layout: ConsoleLayout) {
    var row = layout.body.lowerBound
    grid.put("Add New", row: row, column: 1, style: .bold)
    row += 2
    // Two rows a field: what is wrong with it, or a hint, stands under it.
    for field in CustomerField.texts {
      let isFocused = form.focus == .field(field) && !form.isLocked
      grid.putLabel(field.label, row: row, isFocused: isFocused)
      grid.putField(form[field], row: row, width: grid.fieldWidth, isFocused: isFocused)
      grid.onClick(.form(.field(field)), row: row)
      renderNote(field, &grid, row: row + 1)
      row += 2
    }
    row += 1
    let end = grid.putButton(
      "Submit",
      row: row,
      column: Grid.fieldColumn,
      isFocused: form.focus == .submit,
      isDim: form.isLocked
    )
    let last = grid.putButton(
      "Cancel",
      row: row,
      column: end + 2,
      isFocused: form.focus == .cancel
    )
    grid.onClick(.form(.submit), row: row, columns: Grid.fieldColumn..<end)
    grid.onClick(.form(.cancel), row: row, columns: end + 2..<last)
    if form.isSubmitting {
      grid.put("the daemon is asked", row: row + 1, column: Grid.fieldColumn, style: .dim)
    } else if form.isUnanswered {
      grid.put(
        "no answer: perhaps created",
        row: row + 1,
        column: Grid.fieldColumn,
        width: grid.fieldWidth,
        style: .warning
      )
    } else if let problem = otherProblem {
      grid.putProblem(problem, row: row + 1)
    }
  }

  private func renderNote(_ field: CustomerField, _ grid: inout Grid, row: Int) {
    if let problem = form.errors[field.jsonName] {
      grid.putProblem(problem, row: row)
    } else if field == .emailAddress, let hint = form.hint {
      grid.put(
        "! \(hint)",
        row: row,
        column: Grid.fieldColumn,
        width: grid.fieldWidth,
        style: .warning
      )
    } else if field == .displayName, !form.isDisplayNameTyped, form.focus != .field(field) {
      grid.put("from first and last name", row: row, column: Grid.fieldColumn, style: .dim)
    }
  }

  /// What is wrong with no field of this panel.
  private var otherProblem: String? {
    let paths = Set(CustomerField.texts.map(\.jsonName))
    return form.errors.filter { !paths.contains($0.key) }.sorted { $0.key < $1.key }.first?.value
  }
}
