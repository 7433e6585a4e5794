import CustomerClient
import Terminal

// Where keys go: to the question, the panel that is open, or the screen.

extension ConsoleState {
  mutating func press(_ key: Key) {
    switch key {
    case .control("z"):
      want(.suspend)
      return
    case .control("l"):
      want(.redraw)
      return
    case .control("c"):
      quit()
      return
    default: break
    }
    guard size.isEnough else {
      if key == .letter("q") { quit() }
      return
    }
    if let question {
      answer(question, with: key)
    } else if isHelpShown {
      isHelpShown = false
    } else if key == Key(.function(1)) {
      isHelpShown = true
    } else if details != nil {
      pressInDetails(key)
    } else if addNew != nil {
      pressInAddNew(key)
    } else if section == .customers, list.isTyping {
      pressInList(key)
    } else if !pressAnywhere(key) {
      switch section {
      case .customers: pressInList(key)
      case .changes: pressInFeed(key)
      case .store: pressInStore(key)
      }
    }
  }

  /// Puts a pasted text where letters go.
  mutating func paste(_ text: String) {
    guard size.isEnough, question == nil, !isHelpShown else { return }
    if details != nil {
      pasteInDetails(text)
    } else if addNew != nil {
      pasteInAddNew(text)
    } else if section == .customers, list.isTyping {
      list.query.insert(text)
      searchChanged()
    }
  }

  /// Does what a key means wherever no text is typed.
  ///
  /// - Returns: Whether it means anything.
  mutating func pressAnywhere(_ key: Key) -> Bool {
    switch key {
    case .letter("q"): quit()
    case .letter("?"): isHelpShown = true
    case .letter("u"): undo()
    case .letter("1"): show(.customers)
    case .letter("2"): show(.changes)
    case .letter("3"): show(.store)
    case Key(.tab), Key(.right): show(neighbour(1))
    case Key(.tab, .shift), Key(.left): show(neighbour(Section.allCases.count - 1))
    default: return false
    }
    return true
  }

  private func neighbour(_ distance: Int) -> Section {
    let all = Section.allCases
    return all[(section.rawValue + distance) % all.count]
  }

  private mutating func show(_ section: Section) {
    self.section = section
    switch section {
    case .customers: loadWhatIsShown()
    case .changes: loadRecent()
    case .store:
      loadRecent()
      askStatus()
    }
  }

  private mutating func quit() {
    let isChanged = details?.isChanged == true || addNew?.isTouched == true
    if isChanged, question != .quit {
      question = .quit
    } else {
      want(.quit)
    }
  }

  /// Takes a call's answer in.
  mutating func take(_ slot: CallSlot, _ result: Result<ConsoleAnswer, CustomerError>) {
    switch slot {
    case .list: takePage(result)
    case .search: takeFound(result)
    case .sameEmail: takeSameEmail(result)
    case .create: takeCreated(result)
    case .open: takeOpened(result)
    case .save(let id): takeSaved(id, result)
    case .delete(let id): takeDeleted(id, result)
    case .undo(let id): takeUndone(id, result)
    case .history: takeHistory(result)
    case .culprit: takeCulprit(result)
    case .look(let id): takeLook(id, result)
    case .recent: takeRecent(result)
    case .status: takeStatus(result)
    case .watch: watchEnded(result)
    }
  }
}
