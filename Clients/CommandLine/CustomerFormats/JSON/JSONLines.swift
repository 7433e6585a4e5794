/// Finds the lines of NDJSON in text that comes in pieces; empty lines are passed over.
///
/// A line that is no customer spoils no other, as the next line feed is the next beginning.
package struct JSONLines {
  private var input: [UInt8] = []
  private var position = 0
  private var isFinished = false
  private var line = 1
  private var bytes: [UInt8] = []
  private var isTooLong = false

  /// Creates a reader without input.
  package init() {}

  /// Adds input behind what was added before.
  package mutating func append(_ bytes: some Collection<UInt8>) {
    if position > 0 {
      input.removeFirst(position)
      position = 0
    }
    input += bytes
  }

  /// Says that no more input comes: what is left without a line feed is the last line.
  package mutating func finish() { isFinished = true }

  /// The next line; nil if more input is needed, or there is none.
  package mutating func next() -> JSONElement? {
    while position < input.count {
      let byte = input[position]
      position += 1
      if byte != UInt8(ascii: "\n") {
        keep(byte)
        continue
      }
      let element = endLine()
      line += 1
      if let element { return element }
    }
    return isFinished ? endLine() : nil
  }

  private mutating func keep(_ byte: UInt8) {
    if bytes.count < JSONElements.elementBytesMax { bytes.append(byte) } else { isTooLong = true }
  }

  private mutating func endLine() -> JSONElement? {
    defer {
      bytes.removeAll(keepingCapacity: true)
      isTooLong = false
    }
    guard bytes.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { return nil }
    return JSONElement(bytes: bytes, line: line, column: 1, isTooLong: isTooLong)
  }
}
