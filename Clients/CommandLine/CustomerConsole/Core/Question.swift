import CustomerModel
import Terminal

/// What the console asks before it does something, with the answers there are.
struct Question: Equatable, Sendable {
  /// What an answer does.
  enum Action: Equatable, Sendable {
    case nothing
    case delete(Customer)
    case discardNew
    case save
    case closeDetails
    case restore(Customer)
    case createAgain
    case quit
  }

  struct Answer: Equatable, Sendable {
    var label: String

    /// The letter that gives this answer at once.
    var letter: Character
    var action: Action
  }

  var title: String
  var lines: [String] = []
  var answers: [Answer]

  /// The answer that Enter gives.
  var focus = 0
}

extension Question {
  static func delete(_ customer: Customer) -> Question {
    Question(
      title: "Delete \(customer.shownName)?",
      lines: ["Every past version is kept; u undoes it."],
      answers: [
        Answer(label: "Delete", letter: "d", action: .delete(customer)),
        Answer(label: "Keep", letter: "k", action: .nothing),
      ]
    )
  }

  static let discardNew = Question(
    title: "Leave without creating the customer?",
    lines: ["What was typed would be lost."],
    answers: [
      Answer(label: "Go on typing", letter: "g", action: .nothing),
      Answer(label: "Leave", letter: "l", action: .discardNew),
    ]
  )

  /// Asked when details are closed that were changed.
  static func close(_ changes: [String]) -> Question {
    Question(
      title: "Save before closing?",
      lines: ["Changed: " + changes.joined(separator: ", ")],
      answers: [
        Answer(label: "Save", letter: "s", action: .save),
        Answer(label: "Don't save", letter: "d", action: .closeDetails),
        Answer(label: "Go on", letter: "g", action: .nothing),
      ]
    )
  }

  static func restore(_ past: Customer, losing changes: [String]) -> Question {
    Question(
      title: "Make version \(past.version) the latest?",
      lines: changes.isEmpty
        ? ["Today's version stays in the history."]
        : ["What you changed and didn't save is lost: " + changes.joined(separator: ", ")],
      answers: [
        Answer(label: "Restore", letter: "r", action: .restore(past)),
        Answer(label: "Leave it", letter: "l", action: .nothing),
      ]
    )
  }

  static let createAgain = Question(
    title: "The customer was deleted meanwhile",
    lines: ["Save brings it back, as it stands here."],
    answers: [
      Answer(label: "Bring back", letter: "b", action: .createAgain),
      Answer(label: "Leave it deleted", letter: "l", action: .nothing),
    ]
  )

  static let quit = Question(
    title: "Quit without saving?",
    lines: ["What you changed would be lost."],
    answers: [
      Answer(label: "Stay", letter: "s", action: .nothing),
      Answer(label: "Quit", letter: "q", action: .quit),
    ]
  )
}

extension ConsoleState {
  /// Answers the question with a key.
  mutating func answer(_ question: Question, with key: Key) {
    let count = question.answers.count
    switch key.code {
    case .left, .up: self.question?.focus = (question.focus + count - 1) % count
    case .tab where key.modifiers.contains(.shift):
      self.question?.focus = (question.focus + count - 1) % count
    case .right, .down, .tab: self.question?.focus = (question.focus + 1) % count
    case .escape: self.question = nil
    case .enter: act(question.answers[question.focus].action)
    default:
      guard let letter = key.typed?.lowercased() else { return }
      let answers = question.answers
      if letter == "n" {
        self.question = nil
      } else if let answer = answers.first(where: { String($0.letter) == letter }) {
        act(answer.action)
      } else if letter == "y", let answer = answers.first(where: { $0.action != .nothing }) {
        act(answer.action)
      }
    }
  }

  private mutating func act(_ action: Question.Action) {
    question = nil
    switch action {
    case .nothing: break
    case .delete(let customer): delete(customer)
    case .discardNew: closeAddNew()
    case .save: save(closing: true)
    case .closeDetails: closeDetails()
    case .restore(let past): restore(past)
    case .createAgain: createAgain()
    case .quit: want(.quit)
    }
  }
}
