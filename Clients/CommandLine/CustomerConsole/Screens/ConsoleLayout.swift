import Terminal

/// Where on the screen what stands: navigation bar, body, status line and keys.
struct ConsoleLayout {
  let size: GridSize

  /// The rows of the navigation bar and the line under it.
  static let headRows = 2

  /// The line above the status, the status and the keys.
  static let footRows = 3

  /// The rows between.
  var body: Range<Int> {
    let end = max(size.rows - Self.footRows, Self.headRows)
    return Self.headRows..<end
  }

  /// The columns of the body: a space stays free on both sides.
  var columns: Range<Int> { 1..<max(size.columns - 1, 1) }

  var statusRow: Int { size.rows - 2 }
  var keysRow: Int { size.rows - 1 }
}

extension ConsoleState {
  /// The screen that shows this state.
  func render() -> Grid {
    var grid = Grid(size)
    guard size.isEnough else {
      renderTooSmall(&grid)
      return grid
    }
    let layout = ConsoleLayout(size: size)
    renderNavigation(&grid)
    grid.rule(row: layout.body.lowerBound - 1)
    grid.rule(row: layout.body.upperBound)
    if let details {
      renderDetails(details, &grid, layout)
    } else if let addNew {
      AddNewScreen(form: addNew).render(&grid, layout)
    } else {
      switch section {
      case .customers: CustomerListScreen(state: self).render(&grid, layout)
      case .changes: ChangesScreen(state: self).render(&grid, layout)
      case .store: StoreScreen(state: self).render(&grid, layout)
      }
    }
    renderStatus(&grid, layout)
    renderKeys(&grid, layout)
    if let question {
      QuestionBox(question: question).render(&grid)
    } else if isHelpShown {
      HelpBox.render(&grid)
    }
    return grid
  }

  private func renderDetails(
    _ details: CustomerDetails,
    _ grid: inout Grid,
    _ layout: ConsoleLayout
  ) {
    if let conflict = details.conflict {
      ConflictScreen(details: details, conflict: conflict, clock: clock).render(&grid, layout)
    } else if details.tab == .history {
      HistoryScreen(details: details, clock: clock, context: context).render(&grid, layout)
    } else {
      DetailsScreen(details: details, clock: clock).render(&grid, layout)
    }
  }

  var clock: ClockText { ClockText(context: context, now: now) }

  private func renderTooSmall(_ grid: inout Grid) {
    let least = GridSize.least
    grid.put("customers", row: 0, column: 0, style: .bold)
    grid.put(
      "needs \(least.columns)×\(least.rows), has \(size.columns)×\(size.rows)",
      row: 1,
      column: 0
    )
    grid.put("q quits", row: 2, column: 0, style: .dim)
  }

  private func renderNavigation(_ grid: inout Grid) {
    var column = 1
    for section in Section.allCases {
      let isShown = section == self.section
      let title = " \(section.rawValue + 1) \(section.title) "
      let start = column
      column = grid.put(title, row: 0, column: column, style: isShown ? .selected : .plain) + 1
      // Where text is typed, a digit would be text.
      guard details == nil, addNew == nil, !list.isTyping else { continue }
      let digit = Character("\(section.rawValue + 1)")
      grid.onClick(.key(.letter(digit)), row: 0, columns: start..<column)
    }
    let (text, style) = linkText
    grid.put(
      text,
      row: 0,
      column: column,
      width: size.columns - 1 - column,
      style: style,
      edge: .right
    )
  }

  private var linkText: (String, Style) {
    switch link.state {
    case .connecting: ("connecting", .dim)
    case .lost: ("○ no daemon", .bad)
    case .silent(let seconds): ("○ no answer for \(seconds) s", .warning)
    case .connected:
      switch link.live {
      case .on: ("● live", .good)
      case .off: ("● connected", .good)
      case .unsupported: ("● connected, not live", .warning)
      }
    }
  }

  private func renderStatus(_ grid: inout Grid, _ layout: ConsoleLayout) {
    var text = ""
    var style = Style.plain
    if let notice {
      text = notice.text
      switch notice.kind {
      case .info: break
      case .good: style = .good
      case .warning: style = .warning
      case .bad: style = .bad
      }
    } else if case .lost(let reason) = link.state {
      text = "No daemon answers, trying again: \(reason)"
      style = .bad
    } else if case .silent = link.state {
      text = "The daemon is there and doesn't answer: what is shown may be old"
      style = .warning
    }
    grid.put(text, row: layout.statusRow, column: 1, width: size.columns - 2, style: style)
  }

  /// Draws as many keys as fit; the last two, help and the way out, always do.
  private func renderKeys(_ grid: inout Grid, _ layout: ConsoleLayout) {
    var shown = keys
    while shown.count > 2, CellWidth.of(shown.joined(separator: " · ")) > size.columns - 2 {
      shown.remove(at: shown.count - 3)
    }
    let text = shown.joined(separator: " · ")
    grid.put(text, row: layout.keysRow, column: 1, width: size.columns - 2, style: .dim)
  }

  /// The keys that mean something now, those that matter most first.
  private var keys: [String] {
    if question != nil { return ["←→ choose", "Enter answer", "Esc back"] }
    if isHelpShown { return ["any key goes back"] }
    if let details {
      if details.conflict != nil {
        return ["↑↓ field", "Space yours/theirs", "Ctrl-S Save", "Esc edit on"]
      }
      if details.tab == .history {
        return ["↑↓ version", "r restore", "d Delete", "← DETAILS", "Esc Close"]
      }
      return details.focus == .tabs
        ? ["Tab field", "→ HISTORY", "d Delete", "u undo", "Ctrl-S Save", "Esc Close"]
        : ["Tab field", "Shift-Tab back", "Ctrl-S Save", "Esc Close"]
    }
    if addNew != nil { return ["Tab field", "Ctrl-S Submit", "Esc Cancel"] }
    switch section {
    case .customers:
      return list.isTyping
        ? ["type to search", "↑↓ choose", "Enter open", "Esc all customers"]
        : [
          "Enter open", "a Add New", "/ search", "d Delete", "u undo", "s sort", "? help", "q quit",
        ]
    case .changes: return ["↑↓ change", "Enter open", "Tab next screen", "? help", "q quit"]
    case .store: return ["r refresh", "Tab next screen", "? help", "q quit"]
    }
  }
}
