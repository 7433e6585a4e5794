/// One line of results, as programs read it: a JSON object.
struct Measurement {
  private var members: [(String, String)] = []

  /// Adds a text.
  mutating func add(_ name: String, _ value: String) {
    members.append((name, "\"\(value)\""))
  }

  /// Adds a whole number.
  mutating func add(_ name: String, _ value: Int) {
    members.append((name, "\(value)"))
  }

  /// Adds a number to three places after the point.
  mutating func add(_ name: String, _ value: Double) {
    members.append((name, "\(Double(Int(value * 1000)) / 1000)"))
  }

  /// Adds how many operations there were in how many seconds, and how long each took.
  mutating func add(_ histogram: LatencyHistogram, seconds: Double, total: Int) {
    add("ops", Int(histogram.count))
    add("total_ops", total)
    add("ops_s", Double(histogram.count) / seconds)
    add("p50_us", histogram.microseconds(at: 0.5))
    add("p99_us", histogram.microseconds(at: 0.99))
    add("p999_us", histogram.microseconds(at: 0.999))
  }

  /// The object on one line.
  var line: String {
    "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }
}
