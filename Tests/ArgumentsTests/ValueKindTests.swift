import Arguments
import Testing

@Suite struct ValueKindTests {
  @Test(arguments: [
    ("0", 0), ("4096", 4096), ("4096B", 4096), ("1KB", 1000), ("1KiB", 1024), ("64KiB", 65_536),
    ("4MiB", 4_194_304), ("4MB", 4_000_000), ("1GiB", 1_073_741_824), ("1GB", 1_000_000_000),
  ])
  func readsByteSizes(_ text: String, _ bytes: Int) throws {
    #expect(try ValueKind.byteSize(0 ... .max).read(text) == bytes)
  }

  @Test(arguments: [
    ("0", Duration.zero), ("0s", .zero), ("7ns", .nanoseconds(7)), ("250us", .microseconds(250)),
    ("500ms", .milliseconds(500)), ("10s", .seconds(10)), ("5m", .seconds(300)),
    ("2h", .seconds(7200)),
  ])
  func readsTimes(_ text: String, _ duration: Duration) throws {
    #expect(try ValueKind.duration(.zero ... .seconds(7200)).read(text) == duration)
  }

  @Test(arguments: ["", "s", "-1s", "+1s", "1.5s", "1 s", "1d", "٣s", "9999999999999h"])
  func refusesWhatIsNoTime(_ text: String) {
    #expect(throws: ValueError("'\(text)' is not a time such as 500ms, 10s or 5m")) {
      try ValueKind.duration(.zero ... .seconds(7200)).read(text)
    }
  }

  @Test(arguments: ["", "B", "-1", "1.5MiB", "1 MiB", "9223372036854775808", "9007199254740993GiB"])
  func refusesWhatIsNoSize(_ text: String) {
    #expect(throws: ValueError("'\(text)' is not a size such as 4096, 64KiB or 4MiB")) {
      try ValueKind.byteSize(0 ... .max).read(text)
    }
  }

  @Test(arguments: [("0600", 0o600), ("600", 0o600), ("0", 0), ("07777", 0o7777), ("1777", 0o1777)])
  func readsOctalModes(_ text: String, _ mode: UInt32) throws {
    #expect(try ValueKind.octalMode.read(text) == mode)
  }

  @Test(arguments: ["", "8", "+600", "-600", "10000", "0x1ff", "000600"])
  func refusesWhatIsNoMode(_ text: String) {
    #expect(throws: ValueError("'\(text)' is not an octal mode such as 0600")) {
      try ValueKind.octalMode.read(text)
    }
  }

  @Test(arguments: [
    (0, "0"), (1000, "1000"), (1024, "1KiB"), (1536, "1536"), (65_536, "64KiB"),
    (4_194_304, "4MiB"), (3_221_225_472, "3GiB"),
  ])
  func writesSizesInTheLargestWholeUnit(_ bytes: Int, _ text: String) {
    #expect(ValueKind.byteSize(0 ... .max).write(bytes) == text)
  }

  @Test(arguments: [
    (Duration.zero, "0"), (.seconds(90), "90s"), (.seconds(120), "2m"), (.seconds(3600), "1h"),
    (.milliseconds(1500), "1500ms"), (.microseconds(1), "1us"), (.nanoseconds(1), "1ns"),
  ])
  func writesTimesInTheLargestWholeUnit(_ duration: Duration, _ text: String) {
    #expect(ValueKind.duration(.zero ... .seconds(7200)).write(duration) == text)
  }

  @Test(arguments: [(UInt32(0o600), "0600"), (0, "0000"), (0o1777, "1777"), (0o7, "0007")])
  func writesModesInFourDigits(_ mode: UInt32, _ text: String) {
    #expect(ValueKind.octalMode.write(mode) == text)
  }

  /// The numbers shells and `sysexits` users rely on; the manual page of every program.
  @Test func exitStatusesAreThoseOfTheManual() {
    #expect(ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 130])
  }
}
