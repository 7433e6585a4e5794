import CustomerModel
import Testing

@testable import CustomerStore

/// What the conditions of a filter leave of each index.
@Suite struct ListPlanTests {
  private func bounds(
    _ index: ListPlan.Index,
    _ conditions: FilterCondition...
  ) -> ListPlan.Bounds {
    ListPlan(CustomerFilter(conditions)).bounds(of: index)
  }

  /// So a walk ends where the range does, and doesn't look at all that follows.
  @Test func twoConditionsOnOneIndexLeaveWhatBothAllow() {
    let time = bounds(.updateTime, .updateTime(10 ... .max), .updateTime(.min...20))
    #expect(time == ListPlan.Bounds(lower: .time(10), upper: .time(21)))
    let name = bounds(
      .lastName,
      .lastName(TextPattern("Smith")),
      .lastName(TextPattern("sm", isPrefix: true))
    )
    #expect(name.lower == .text(Array("smith\t".utf8)))
    #expect(name.upper == .text(Array("smith\t".utf8) + [0xFF]))
  }

  @Test func aNameIsARangeOfKeysThatGoOnWithATab() {
    let whole = bounds(.lastName, .lastName(TextPattern("Müller")))
    #expect(whole.lower == .text(Array("muller\t".utf8)))
    let beginning = bounds(.lastName, .lastName(TextPattern("MÜ", isPrefix: true)))
    #expect(beginning.lower == .text(Array("mu".utf8)))
    #expect(beginning.upper == .text(Array("mu".utf8) + [0xFF]))
  }

  @Test func ordersAreServedByTheirOwnRangesOnly() {
    let byName = ListOrder.by(.lastName, isDescending: false)
    let name = FilterCondition.lastName(TextPattern("x"))
    let gold = FilterCondition.attribute(name: "tier", value: "gold")
    #expect(ListPlan(CustomerFilter()).isServed(by: .creation))
    #expect(ListPlan(CustomerFilter([gold])).isServed(by: .creation))
    #expect(!ListPlan(CustomerFilter([name])).isServed(by: .creation))
    #expect(ListPlan(CustomerFilter([name])).isServed(by: byName))
    #expect(!ListPlan(CustomerFilter([name, gold])).isServed(by: byName))
  }

  @Test func termsAreQuotedAndJoined() {
    let plan = ListPlan(
      CustomerFilter([
        .attribute(name: "a b", value: "say \"hi\""), .phone(TextPattern("+6141", isPrefix: true)),
      ])
    )
    #expect(
      String(decoding: plan.match, as: UTF8.self)
        == "\"aa_20b=say_20_22hi_22\" AND \"d6141\"*"
    )
    #expect(String(decoding: plan.pendingWord, as: UTF8.self) == " aa_20b=say_20_22hi_22 ")
  }
}
