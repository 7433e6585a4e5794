/// The length of a domain's label in the form that DNS carries (RFC 3492).
enum Punycode {
  /// The octets of `xn--` and the label's encoding.
  ///
  /// - Parameter label: At most some hundred code points, at least one of them not ASCII.
  /// - Returns: The number of octets.
  static func labelOctets(_ label: some Collection<Unicode.Scalar>) -> Int {
    let values = label.map(\.value)
    let basic = values.count { $0 < initialN }
    var octets = prefixOctets + basic + (basic > 0 ? 1 : 0)
    var threshold = initialN
    var delta: UInt64 = 0
    var handled = basic
    var bias = initialBias
    while handled < values.count, let next = values.lazy.filter({ $0 >= threshold }).min() {
      delta += UInt64(next - threshold) * UInt64(handled + 1)
      for value in values {
        if value < next { delta += 1 }
        if value == next {
          octets += digits(of: delta, bias: bias)
          bias = adapted(delta, points: UInt64(handled + 1), isFirst: handled == basic)
          delta = 0
          handled += 1
        }
      }
      delta += 1
      threshold = next + 1
    }
    return octets
  }

  private static func digits(of delta: UInt64, bias: UInt64) -> Int {
    var rest = delta
    var position = base
    var count = 1
    while true {
      let limit = position <= bias ? tMin : min(position - bias, tMax)
      if rest < limit { return count }
      rest = (rest - limit) / (base - limit)
      position += base
      count += 1
    }
  }

  private static func adapted(_ delta: UInt64, points: UInt64, isFirst: Bool) -> UInt64 {
    var delta = isFirst ? delta / damp : delta / 2
    delta += delta / points
    var position: UInt64 = 0
    while delta > (base - tMin) * tMax / 2 {
      delta /= base - tMin
      position += base
    }
    return position + (base - tMin + 1) * delta / (delta + skew)
  }

  /// The parameters of RFC 3492, 5.
  private static let base: UInt64 = 36
  private static let tMin: UInt64 = 1
  private static let tMax: UInt64 = 26
  private static let skew: UInt64 = 38
  private static let damp: UInt64 = 700
  private static let initialBias: UInt64 = 72
  private static let initialN: UInt32 = 128
  private static let prefixOctets = 4
}
