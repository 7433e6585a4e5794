import Testing
import WellKnownTypes

@Suite struct TimestampTests {
  private func time(_ seconds: Int64, _ nanos: Int32 = 0) -> Timestamp {
    var time = Timestamp()
    time.seconds = seconds
    time.nanos = nanos
    return time
  }

  /// The texts of `timestamp.proto`, RFC 3339 (5.8), and `date -u -d @SECONDS`.
  @Test(arguments: [
    (0, 0, "1970-01-01T00:00:00Z"), (1_484_443_815, 10_000_000, "2017-01-15T01:30:15.010Z"),
    (482_196_050, 520_000_000, "1985-04-12T23:20:50.520Z"),
    (-1, 1, "1969-12-31T23:59:59.000000001Z"),
    (-62_135_596_800, 0, "0001-01-01T00:00:00Z"),
    (253_402_300_799, 999_999_999, "9999-12-31T23:59:59.999999999Z"),
    (951_782_400, 0, "2000-02-29T00:00:00Z"), (4_107_542_400, 1000, "2100-03-01T00:00:00.000001Z"),
    (1_772_357_400, 250_000_000, "2026-03-01T09:30:00.250Z"),
  ])
  func writesAndReads(seconds: Int64, nanos: Int32, text: String) throws {
    #expect(time(seconds, nanos).rfc3339 == text)
    #expect(try Timestamp(rfc3339: text) == time(seconds, nanos))
  }

  @Test(arguments: [
    ("1996-12-19T16:39:57-08:00", 851_042_397, 0),
    ("1937-01-01T12:00:27.87+00:20", -1_041_337_173, 870_000_000),
    ("2026-03-01T09:30:00.123456789+00:00", 1_772_357_400, 123_456_789),
    ("2026-03-01T09:30:00.1-00:00", 1_772_357_400, 100_000_000),
    ("0001-01-01T23:59:00+23:59", -62_135_596_800, 0),
    ("9999-12-31T00:00:59-23:59", 253_402_300_799, 0),
  ])
  func convertsOffsetsAndAnyFraction(text: String, seconds: Int64, nanos: Int32) throws {
    #expect(try Timestamp(rfc3339: text) == time(seconds, nanos))
  }

  @Test(
    arguments: [
      ("", .form), ("2026-03-01", .form), ("2026-03-01T09:30:00", .form),
      ("2026-03-01 09:30:00Z", .form),
      ("2026-03-01t09:30:00Z", .form), ("2026-03-01T09:30:00z", .form),
      ("2026-3-1T09:30:00Z", .form),
      ("2026-03-01T09:30Z", .form), ("2026-03-01T09:30:00.Z", .form),
      ("2026-03-01T09:30:00,5Z", .form),
      ("2026-03-01T09:30:00.1234567890Z", .form), ("2026-03-01T09:30:00+0100", .form),
      ("2026-03-01T09:30:00+01", .form), ("2026-03-01T09:30:00Z ", .form),
      (" 2026-03-01T09:30:00Z", .form),
      ("+2026-03-01T09:30:00Z", .form), ("12026-03-01T09:30:00Z", .form),
      ("2026-03-01T09:30:00ZZ", .form),
      ("２026-03-01T09:30:00Z", .form), ("2026-00-01T00:00:00Z", .noSuchTime),
      ("2026-13-01T00:00:00Z", .noSuchTime), ("2026-01-00T00:00:00Z", .noSuchTime),
      ("2026-01-32T00:00:00Z", .noSuchTime), ("2026-04-31T00:00:00Z", .noSuchTime),
      ("2026-02-29T00:00:00Z", .noSuchTime), ("2100-02-29T00:00:00Z", .noSuchTime),
      ("2024-02-30T00:00:00Z", .noSuchTime), ("2026-01-01T24:00:00Z", .noSuchTime),
      ("2026-01-01T00:60:00Z", .noSuchTime), ("2016-12-31T23:59:60Z", .noSuchTime),
      ("2026-01-01T00:00:00+24:00", .noSuchTime), ("2026-01-01T00:00:00+00:60", .noSuchTime),
      ("0000-12-31T23:59:59Z", .range), ("0001-01-01T00:00:00+00:01", .range),
      ("9999-12-31T23:59:59-00:01", .range),
    ] as [(String, TimestampError)]
  )
  func refuses(text: String, error: TimestampError) {
    #expect(throws: error) { try Timestamp(rfc3339: text) }
  }

  @Test func errorsSayWhatIsWrong() {
    #expect(TimestampError.form.description == "not a time such as 2026-03-01T09:30:00Z")
    #expect(TimestampError.noSuchTime.description == "a time that doesn't exist")
    #expect(TimestampError.range.description == "not a time in the years 0001 to 9999")
  }

  @Test(
    arguments: [
      (-62_135_596_801, 0), (253_402_300_800, 0), (.min, 0), (.max, 0), (0, -1), (0, 1_000_000_000),
      (0, .min), (0, .max),
    ] as [(Int64, Int32)]
  )
  func isNotValidOutOfRange(seconds: Int64, nanos: Int32) {
    #expect(!time(seconds, nanos).isValid)
    #expect(time(seconds, nanos).rfc3339 == nil)
    #expect(time(seconds, nanos).nanosecondsSince1970 == nil)
  }

  /// Counts the days from year 1 on, month by month, by the lengths that everyone knows.
  @Test func agreesWithACalendarOnTheFirstAndLastDayOfEveryMonth() throws {
    var day: Int64 = -719_162
    for year in 1...9999 {
      let isLeap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for (month, length) in zip(1..., lengths) {
        let years = String(repeating: "0", count: 4 - "\(year)".count) + "\(year)"
        let months = month < 10 ? "0\(month)" : "\(month)"
        let first = "\(years)-\(months)-01T00:00:00Z"
        let last = "\(years)-\(months)-\(length)T23:59:59Z"
        let end = day + Int64(length)
        if time(day * 86_400).rfc3339 != first || time(end * 86_400 - 1).rfc3339 != last {
          Issue.record("\(first) or \(last) is written otherwise")
        }
        if try Timestamp(rfc3339: last).seconds != end * 86_400 - 1 {
          Issue.record("\(last) is read otherwise")
        }
        day = end
      }
    }
    #expect(day * 86_400 == 253_402_300_800)
  }

  @Test(
    arguments: [
      (0, 0, 0), (1, 0, 1), (-1, -1, 999_999_999), (1_000_000_000, 1, 0), (-1_000_000_000, -1, 0),
      (.max, 9_223_372_036, 854_775_807), (.min, -9_223_372_037, 145_224_192),
    ] as [(Int64, Int64, Int32)]
  )
  func convertsNanoseconds(nanoseconds: Int64, seconds: Int64, nanos: Int32) {
    #expect(Timestamp(nanosecondsSince1970: nanoseconds) == time(seconds, nanos))
    #expect(time(seconds, nanos).nanosecondsSince1970 == nanoseconds)
  }

  @Test func nanosecondsEndWhere64BitsDo() {
    #expect(time(9_223_372_036, 854_775_808).nanosecondsSince1970 == nil)
    #expect(time(-9_223_372_037, 145_224_191).nanosecondsSince1970 == nil)
    #expect(time(-62_135_596_800, 1).nanosecondsSince1970 == nil)
    #expect(time(253_402_300_799).nanosecondsSince1970 == nil)
  }
}
