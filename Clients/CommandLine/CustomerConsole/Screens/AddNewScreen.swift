/// The Add New panel as cells.
struct AddNewScreen {
  let form: AddNewForm

  func render(_ grid: inout Grid, _ layout: ConsoleLayout) {
    var row = layout.body.lowerBound
    grid.put("Add New", row: row, column: 1, style: .bold)
    row += 2
    // Two rows a field: what is wrong with it, or a hint, stands under it.
    for item in AddNewForm.Item.allCases where item.path != nil {
      let isFocused = form.focus == item && !form.isLocked
      grid.putLabel(item.label, row: row, isFocused: isFocused)
      grid.putField(form[item], row: row, width: grid.fieldWidth, isFocused: isFocused)
      grid.onClick(.form(item), row: row)
      renderNote(item, &grid, row: row + 1)
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

  private func renderNote(_ item: AddNewForm.Item, _ grid: inout Grid, row: Int) {
    if let path = item.path, let problem = form.errors[path] {
      grid.putProblem(problem, row: row)
    } else if item == .emailAddress, let hint = form.hint {
      grid.put(
        "! \(hint)",
        row: row,
        column: Grid.fieldColumn,
        width: grid.fieldWidth,
        style: .warning
      )
    } else if item == .displayName, !form.isDisplayNameTyped, form.focus != .displayName {
      grid.put("from first and last name", row: row, column: Grid.fieldColumn, style: .dim)
    }
  }

  /// What is wrong with no field of this panel.
  private var otherProblem: String? {
    let paths = Set(AddNewForm.Item.allCases.compactMap(\.path))
    return form.errors.filter { !paths.contains($0.key) }.sorted { $0.key < $1.key }.first?.value
  }
}
