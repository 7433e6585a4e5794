import Testing

@testable import customerd

/// What is told of what repeats, by a clock that the test moves.
@Suite struct RepeatFilterTests {
  private let start = ContinuousClock.now

  private func event(
    _ name: String = "e",
    _ subject: LogEvent.Subject = .none,
    _ repetition: LogEvent.Repetition? = nil
  ) -> LogEvent {
    LogEvent(name: name, subject: subject, repetition: repetition)
  }

  private func peer(_ process: Int32) -> LogEvent {
    event("e", .peer(user: 1, process: process), .ofPeers)
  }

  private func line(_ text: String) -> LogLine { LogLine(event: "e", text: text) }

  @Test func oneEventIsOneLine() {
    var filter = RepeatFilter()
    #expect(filter.admit(event(), at: start) { line("a") } == line("a"))
    #expect(filter.close(at: start + .seconds(1)) == [])
    #expect(filter.nextEnd == nil)
  }

  @Test func aKindHasTwentyLinesASecondAndANumberForTheRest() {
    var filter = RepeatFilter()
    var lines: [LogLine] = []
    for number in 0..<LogEvent.linesPerSecondMax + 3 {
      let told = filter.admit(event(), at: start + .milliseconds(number)) { line("\(number)") }
      if let told { lines.append(told) }
    }
    #expect(lines.map(\.text) == (0..<20).map { "\($0)" })
    #expect(filter.nextEnd == start + .seconds(1))
    #expect(filter.close(at: start + .milliseconds(999)) == [])
    var rest = line("20")
    rest.count = 3
    rest.duration = .seconds(1)
    #expect(filter.close(at: start + .seconds(1)) == [rest])
    // That line is one of the next second's.
    for _ in 0..<19 {
      #expect(filter.admit(event(), at: start + .milliseconds(1500)) { line("b") } != nil)
    }
    #expect(filter.admit(event(), at: start + .milliseconds(1500)) { line("b") } == nil)
  }

  @Test func kindsDoNotTakeEachOthersLines() {
    var filter = RepeatFilter()
    for _ in 0..<100 { _ = filter.admit(event(), at: start) { line("a") } }
    #expect(filter.admit(event("other"), at: start) { line("b") } == line("b"))
  }

  @Test func aPeerHasFiveLinesAndOthersTheirs() {
    var filter = RepeatFilter()
    let told = (0..<50).compactMap { _ in filter.admit(peer(7), at: start) { line("7") } }
    #expect(told.count == 5)
    #expect(filter.admit(peer(8), at: start) { line("8") } == line("8"))
  }

  @Test func aLineThatIsNotToldIsNotMade() {
    var filter = RepeatFilter()
    var made = 0
    for _ in 0..<1000 {
      _ = filter.admit(peer(7), at: start) {
        made += 1
        return line("7")
      }
    }
    // The first that is held back stands for the others.
    #expect(made == 6)
  }

  /// What goes on for long is told after 60, 120, 240, … seconds, at last every hour.
  @Test func pausesGrowForAsLongAsItGoesOn() {
    var filter = RepeatFilter()
    let failure = event("e", .reason("full"), .ofFailures)
    var told: [(Int, Int)] = []
    for second in 0..<20_000 {
      let now = start + .seconds(second)
      for line in filter.close(at: now) { told.append((second, line.count)) }
      for _ in 0..<50 where filter.admit(failure, at: now, { line("full") }) != nil {
        told.append((second, 1))
      }
    }
    #expect(told.map(\.0) == [0, 60, 180, 420, 900, 1860, 3780, 7380, 10_980, 14_580, 18_180])
    #expect(told.map(\.1).reduce(0, +) == 18_180 * 50)
  }

  @Test func afterAQuietPauseAllBeginsAnew() {
    var filter = RepeatFilter()
    let failure = event("e", .reason("full"), .ofFailures)
    #expect(filter.admit(failure, at: start) { line("full") } != nil)
    #expect(filter.admit(failure, at: start + .seconds(59)) { line("full") } == nil)
    #expect(filter.close(at: start + .seconds(60)).map(\.count) == [1])
    #expect(filter.close(at: start + .seconds(180)) == [])
    #expect(filter.nextEnd == nil)
    #expect(filter.admit(failure, at: start + .seconds(181)) { line("full") } != nil)
  }

  @Test func otherReasonsAreTold() {
    var filter = RepeatFilter()
    #expect(filter.admit(event("e", .reason("a"), .ofFailures), at: start) { line("a") } != nil)
    #expect(filter.admit(event("e", .reason("b"), .ofFailures), at: start) { line("b") } != nil)
  }

  @Test func theEndTellsWhatWasHeldBack() {
    var filter = RepeatFilter()
    for _ in 0..<9 { _ = filter.admit(peer(7), at: start) { line("7") } }
    for _ in 0..<9 { _ = filter.admit(peer(8), at: start) { line("8") } }
    let rest = filter.finish(at: start)
    #expect(Set(rest.map(\.text)) == ["7", "8"])
    #expect(rest.map(\.count) == [4, 4])
    #expect(filter.finish(at: start) == [])
  }

  @Test(arguments: [0, 1])
  func moreSubjectsThanAreToldApartHaveTheirKindsLimit(beyond: Int) {
    var filter = RepeatFilter()
    for number in 0..<RepeatFilter.subjectsMax - 1 + beyond {
      _ = filter.admit(event("other", .reason("\(number)"), .ofPeers), at: start) { line("") }
    }
    let told = (0..<10).compactMap { _ in filter.admit(peer(7), at: start) { line("7") } }
    #expect(told.count == (beyond == 0 ? 5 : 10))
  }

  /// However many processes flood, a kind's lines are bounded, and none is left out of the numbers.
  @Test func aFloodOfManyIsBoundedAndCounted() {
    var filter = RepeatFilter()
    var random = SystemRandomNumberGenerator()
    var told: [LogLine] = []
    var happened = 0
    for tenth in 0..<1000 {
      let now = start + .milliseconds(tenth * 100)
      if let end = filter.nextEnd, end <= now { told += filter.close(at: now) }
      for _ in 0..<Int.random(in: 0..<200, using: &random) {
        happened += 1
        let event = peer(Int32.random(in: 0..<3000, using: &random))
        if let line = filter.admit(event, at: now, { line("") }) { told.append(line) }
      }
    }
    // A second has twenty lines, and one for the rest.
    #expect(told.count <= 100 * 21)
    told += filter.finish(at: start + .seconds(100))
    #expect(told.map(\.count).reduce(0, +) == happened)
  }
}
