/// The numbers that a message or enumeration reserves, for look-up.
struct ReservedNumbers {
  /// The ranges as they are written.
  let ranges: [ClosedRange<Int32>]

  private let sorted: [ReservedSyntax.Range]

  /// Checks what is reserved: ranges the right way round, none twice, no name twice.
  init(_ syntax: ReservedSyntax, isEnum: Bool, _ diagnostics: inout Diagnostics) {
    var valid: [ReservedSyntax.Range] = []
    for range in syntax.ranges {
      if range.first > range.last {
        diagnostics.report(
          "reserved range \(range.first) to \(range.last) ends before it begins",
          at: range.location
        )
      } else if !isEnum, range.first <= 0 {
        diagnostics.report(
          "reserved number \(range.first) is not positive",
          at: range.location
        )
      } else {
        valid.append(range)
      }
    }
    ranges = valid.map { $0.first...$0.last }
    sorted = valid.sorted { ($0.first, $0.location) < ($1.first, $1.location) }
    Self.checkOverlaps(sorted, &diagnostics)
    Self.checkNames(syntax.names, &diagnostics)
  }

  private static func checkOverlaps(
    _ sorted: [ReservedSyntax.Range],
    _ diagnostics: inout Diagnostics
  ) {
    guard var widest = sorted.first else { return }
    for range in sorted.dropFirst() {
      if range.first <= widest.last {
        let (earlier, later) =
          widest.location < range.location ? (widest, range) : (range, widest)
        diagnostics.report(
          "reserved range \(later.first) to \(later.last) overlaps \(earlier.first) to "
            + "\(earlier.last) (line \(earlier.location.line))",
          at: later.location
        )
      }
      if range.last > widest.last { widest = range }
    }
  }

  private static func checkNames(_ names: [Name], _ diagnostics: inout Diagnostics) {
    var lines: [String: Int] = [:]
    for name in names {
      if let line = lines[name.text] {
        diagnostics.report(
          "name '\(name.text)' is reserved already (line \(line))",
          at: name.location
        )
      } else {
        lines[name.text] = name.location.line
      }
    }
  }

  /// The line that reserves a number.
  func line(of number: Int32) -> Int? {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].first <= number { low = middle + 1 } else { high = middle }
    }
    guard low > 0, sorted[low - 1].last >= number else { return nil }
    return sorted[low - 1].location.line
  }
}
