import Foundation
import Testing

@testable import Host

@Suite(.serialized) struct HostTests {
  @Test func readsVariables() {
    setenv("HOST_TESTS", "a=b ü", 1)
    #expect(ProcessEnvironment.value(of: "HOST_TESTS") == "a=b ü")
    #expect(ProcessEnvironment.text(of: "HOST_TESTS") == "a=b ü")
    setenv("HOST_TESTS", "", 1)
    #expect(ProcessEnvironment.value(of: "HOST_TESTS") == "")
    #expect(ProcessEnvironment.text(of: "HOST_TESTS") == nil)
    unsetenv("HOST_TESTS")
    #expect(ProcessEnvironment.value(of: "HOST_TESTS") == nil)
  }

  @Test func clocksGoWithFoundations() {
    let before = Date().timeIntervalSince1970
    let now = Double(SystemClock.microseconds()) / 1_000_000
    #expect((before - 1...Date().timeIntervalSince1970 + 1).contains(now))
    let start = SystemClock.stopwatch()
    usleep(2000)
    #expect(SystemClock.stopwatch() - start >= 2000)
  }
}
