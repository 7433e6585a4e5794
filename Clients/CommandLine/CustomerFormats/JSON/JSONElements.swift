/// Finds the customers in JSON text that comes in pieces, without reading what is in them.
///
/// The text is a customer, an array of customers, an export's `{"customers": […], …}`, or several
/// of these one behind the other. Out come the bytes of one customer at a time, so memory is
/// bounded by the largest.
package struct JSONElements {
  /// The largest customer in JSON, in bytes: 1 MiB.
  package static let elementBytesMax = 1 << 20

  private var input: [UInt8] = []
  private var position = 0
  private var isFinished = false

  private var state = State.top
  private var line = 1
  private var column = 0
  private var scan = Scan()
  private var isExport = false

  /// Where in the text the next byte stands.
  private enum State {
    /// Outside of everything.
    case top
    /// In an array, before an element or its end.
    case element
    /// In an array, behind an element.
    case separator
    /// Behind the comma in an array.
    case nextElement
    /// In a customer, or in an object that may turn out to be an export.
    case object
    /// In an export, behind its customers.
    case tail
  }

  /// What is known of the object at hand.
  fileprivate struct Scan {
    var bytes: [UInt8] = []
    var line = 1
    var column = 1
    var depth = 0
    var isInString = false
    var isEscaped = false
    var isTooLong = false
    /// Whether it stands at top level and so may be an export.
    var mayBeExport = false
    /// The name of the member of the outermost object that is being or was last read.
    var name: [UInt8] = []
    var isInName = false
    var awaitsName = false
  }

  /// Adds input behind what was added before.
  mutating func append(_ bytes: some Collection<UInt8>) {
    if position > 0 {
      input.removeFirst(position)
      position = 0
    }
    input += bytes
  }

  /// Says that no more input comes.
  mutating func finish() { isFinished = true }

  /// The next customer; nil if more input is needed, or there is none.
  ///
  /// - Throws: ``ImportError/badJSON(line:column:_:)`` where the text can't be what it should.
  mutating func next() throws(ImportError) -> JSONElement? {
    while position < input.count {
      let byte = input[position]
      position += 1
      advance(byte)
      if let element = try take(byte) { return element }
    }
    guard isFinished, state != .top else { return nil }
    throw .badJSON(line: line, column: column + 1, "the text ends in the middle")
  }

  /// Whether the text at hand turned out to be an export.
  var isInExport: Bool { isExport }

  private mutating func advance(_ byte: UInt8) {
    if byte == UInt8(ascii: "\n") {
      line += 1
      column = 0
    } else if byte & 0xC0 != 0x80 {
      column += 1
    }
  }

  private mutating func take(_ byte: UInt8) throws(ImportError) -> JSONElement? {
    switch state {
    case .object: return takeInObject(byte)
    case .tail:
      if scan.take(byte), scan.depth == 0 { state = .top }
      return nil
    case .top, .element, .nextElement, .separator: break
    }
    guard ![0x20, 0x09, 0x0A, 0x0D].contains(byte) else { return nil }
    switch (state, byte) {
    case (.top, UInt8(ascii: "[")):
      isExport = false
      state = .element
    case (.top, UInt8(ascii: "{")), (.element, UInt8(ascii: "{")),
      (.nextElement, UInt8(ascii: "{")):
      scan = Scan(line: line, column: column, mayBeExport: state == .top, awaitsName: true)
      state = .object
      return takeInObject(byte)
    case (.element, UInt8(ascii: "]")), (.separator, UInt8(ascii: "]")):
      scan = Scan(depth: 1)
      state = isExport ? .tail : .top
    case (.separator, UInt8(ascii: ",")):
      state = .nextElement
    default:
      throw .badJSON(line: line, column: column, "expected \(expectation)")
    }
    return nil
  }

  private var expectation: String {
    switch state {
    case .separator: "a comma or the end of the array"
    case .top: "a customer or an array of customers"
    default: "a customer"
    }
  }

  private mutating func takeInObject(_ byte: UInt8) -> JSONElement? {
    if scan.mayBeExport, scan.isAtValue(byte), byte == UInt8(ascii: "["), scan.isCustomers {
      scan = Scan(depth: 1)
      isExport = true
      state = .element
      return nil
    }
    scan.keep(byte)
    guard scan.take(byte), scan.depth == 0 else { return nil }
    state = scan.mayBeExport ? .top : .separator
    return JSONElement(
      bytes: scan.bytes,
      line: scan.line,
      column: scan.column,
      isTooLong: scan.isTooLong
    )
  }
}

extension JSONElements.Scan {
  /// Whether this byte begins the value of a member of the outermost object.
  fileprivate func isAtValue(_ byte: UInt8) -> Bool { depth == 1 && !isInString && !awaitsName }

  /// Whether the member at hand is an export's list of customers.
  fileprivate var isCustomers: Bool { name.elementsEqual("customers".utf8) }

  fileprivate mutating func keep(_ byte: UInt8) {
    guard bytes.count < JSONElements.elementBytesMax else {
      isTooLong = true
      return
    }
    bytes.append(byte)
  }

  /// Follows strings and brackets; returns whether a bracket was closed.
  fileprivate mutating func take(_ byte: UInt8) -> Bool {
    if isInString {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        isInString = false
        isInName = false
      }
      if isInName, name.count < 32 { name.append(byte) }
      return false
    }
    switch byte {
    case UInt8(ascii: "\""):
      isInString = true
      isInName = depth == 1 && awaitsName
      if isInName { name = [] }
    case UInt8(ascii: ":"):
      if depth == 1 { awaitsName = false }
    case UInt8(ascii: ","):
      if depth == 1 { awaitsName = true }
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      depth -= 1
      return true
    default:
      break
    }
    return false
  }
}

/// One customer's text.
package struct JSONElement: Equatable {
  /// The object from brace to brace.
  package var bytes: [UInt8]

  /// The line on which it begins; the first is 1.
  package var line: Int

  /// The column at which it begins; the first is 1.
  package var column: Int

  /// Whether it is over ``JSONElements/elementBytesMax`` and the bytes are its beginning only.
  package var isTooLong: Bool
}
