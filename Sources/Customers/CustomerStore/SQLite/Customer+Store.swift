import CustomerModel
package import WellKnownTypes

extension Timestamp {
  /// Creates the time that is some microseconds after the beginning of 1970.
  package init(microseconds: Int64) {
    self.init()
    // Rounded down, so that nanos stay positive before 1970 as well.
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    seconds = remainder < 0 ? quotient - 1 : quotient
    nanos = Int32(remainder < 0 ? remainder + 1_000_000 : remainder) * 1000
  }

  /// The microseconds since the beginning of 1970; the nearest number there is for a time too far.
  var microseconds: Int64 {
    let (whole, tooFar) = seconds.multipliedReportingOverflow(by: 1_000_000)
    if tooFar { return seconds < 0 ? .min : .max }
    let (sum, over) = whole.addingReportingOverflow(Int64(nanos) / 1000)
    return over ? (seconds < 0 ? .min : .max) : sum
  }
}
