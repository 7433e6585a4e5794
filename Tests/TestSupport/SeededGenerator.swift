/// Random numbers that come again from the same seed.
///
/// A test prints the seed it begins from; `SEED=… swift test` runs it again with the same numbers.
/// The sequence is SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates a generator that begins from a seed.
  package init(seed: UInt64) { state = seed }

  /// Creates a generator from `SEED` in the environment, else from a random seed, and prints it.
  package static func announced(_ test: String = #function) -> SeededGenerator {
    let seed = environment("SEED").flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
    print("\(test): SEED=\(seed)")
    return SeededGenerator(seed: seed)
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
