import CustomerModel
import ProtoWire

/// Encodes and decodes customers in memory: 256 different ones, so that no branch is learnt.
struct CodecBenchmark {
  private static let recordCount = 256

  /// How many rounds over all records are timed together.
  private static let roundsPerSample = 20

  /// How long each direction is measured.
  let seconds: Double

  /// Measures both directions and prints a line for each.
  func run() throws {
    let samples = SampleCustomers(seed: 1)
    let customers = (0..<Self.recordCount).map { samples.customer($0) }
    let records = customers.map { $0.encoded() }
    let bytes = records.reduce(0) { $0 + $1.count } / records.count
    try measure("encode", bytes: bytes) {
      var total = 0
      for index in customers.indices { total &+= customers[index].encoded().count }
      return total
    }
    try measure("decode", bytes: bytes) {
      var total = 0
      for record in records { total &+= try Customer(decoding: record).phones.count }
      return total
    }
  }

  private func measure(_ name: String, bytes: Int, _ round: () throws -> Int) throws {
    var histogram = LatencyHistogram()
    let clock = ContinuousClock()
    let operations = Self.roundsPerSample * Self.recordCount
    var checksum = 0
    for _ in 0..<Self.roundsPerSample { checksum &+= try round() }
    let start = clock.now
    let end = start + .seconds(seconds)
    var samples = 0
    while clock.now < end {
      let began = clock.now
      for _ in 0..<Self.roundsPerSample { checksum &+= try round() }
      // Tenths of a nanosecond, so that the histogram's steps don't show.
      histogram.record(UInt64((clock.now - began).nanoseconds * 10 / Double(operations)))
      samples += 1
    }
    let elapsed = (clock.now - start).nanoseconds / 1e9
    var line = Measurement()
    line.add("name", "customers \(name)")
    line.add("ns", histogram.microseconds(at: 0.5) * 100)
    line.add("bytes", bytes)
    line.add("ops", samples * operations)
    line.add("total_ops", (samples + 1) * operations)
    line.add("ops_s", Double(samples * operations) / elapsed)
    line.add("p50_us", histogram.microseconds(at: 0.5) / 10)
    line.add("p99_us", histogram.microseconds(at: 0.99) / 10)
    line.add("p999_us", histogram.microseconds(at: 0.999) / 10)
    line.add("checksum", checksum & 0xFF)
    print(line.line)
  }
}

extension Duration {
  /// The duration in nanoseconds.
  var nanoseconds: Double {
    Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
  }
}
