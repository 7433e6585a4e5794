/// The bytes that a terminal sends, as keys.
///
/// Knows what xterm, the Linux console, tmux and screen send: UTF-8, `ESC [` (CSI) and `ESC O`
/// (SS3) sequences with modifiers, ESC before a key for Alt, bracketed paste, and the mouse in SGR's form. What comes in
/// pieces is kept until the rest is there, up to a limit; sequences that aren't known are swallowed
/// whole. A lone ESC is told from a sequence's first byte by time: ``timeOut(afterMilliseconds:)``.
package struct KeyDecoder {
  /// The longest sequence that is kept, in bytes: what is longer is swallowed to its end.
  static let sequenceBytesMax = 64

  /// The longest paste, in bytes; the rest of it is dropped.
  static let pasteBytesMax = 1 << 16

  /// How long ESC may stand alone before it is the key.
  ///
  /// Terminals write a sequence at once; what comes behind it later than this was typed. Less than
  /// a frame of the screen, so that the key is seen as soon as any other.
  static let escapeMilliseconds = 10

  /// How long what has begun for certain may rest before it is given up.
  static let pieceMilliseconds = 50

  /// How long a paste may rest before it counts as over.
  static let pasteMilliseconds = 1000

  private enum State {
    case ground
    case escape
    case sequence
    case singleShift

    /// A string for the terminal's ears, such as an answer to a question nobody asked.
    case string(sawEscape: Bool)
    case paste
  }

  private var state = State.ground
  private var isAlt = false
  private var pending: [UInt8] = []
  private var scalarBytesWanted = 0
  private var paste: [UInt8] = []
  private var pasteTail: [UInt8] = []
  private var inputs: [KeyInput] = []

  /// Creates a decoder that has read nothing.
  package init() {}

  /// How long to wait for more before ``timeOut(afterMilliseconds:)`` is to be called; nil = no
  /// need.
  package var waitMilliseconds: Int? {
    switch state {
    case .ground: scalarBytesWanted > 0 ? Self.pieceMilliseconds : nil
    case .escape: Self.escapeMilliseconds
    case .sequence, .singleShift, .string: Self.pieceMilliseconds
    case .paste: Self.pasteMilliseconds
    }
  }

  /// Reads bytes.
  ///
  /// - Returns: The keys that are complete by then.
  package mutating func feed(_ bytes: some Sequence<UInt8>) -> [KeyInput] {
    for byte in bytes { take(byte) }
    defer { inputs = [] }
    return inputs
  }

  /// Says that nothing came for a while, which ends what waits for more.
  package mutating func timeOut(afterMilliseconds milliseconds: Int) -> [KeyInput] {
    guard let wait = waitMilliseconds, milliseconds >= wait else { return [] }
    switch state {
    case .escape: emit(Key(.escape))
    case .paste: endPaste()
    case .ground, .sequence, .singleShift, .string: break
    }
    reset()
    defer { inputs = [] }
    return inputs
  }

  private mutating func reset() {
    state = .ground
    isAlt = false
    pending = []
    scalarBytesWanted = 0
  }

  private mutating func emit(_ key: Key) {
    inputs.append(.key(isAlt ? Key(key.code, key.modifiers.union(.alt)) : key))
    reset()
  }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: takeGround(byte)
    case .escape: takeEscape(byte)
    case .sequence: takeSequence(byte)
    case .singleShift: takeSingleShift(byte)
    case .string(let sawEscape): takeString(byte, sawEscape: sawEscape)
    case .paste: takePaste(byte)
    }
  }

  private mutating func takeGround(_ byte: UInt8) {
    if scalarBytesWanted > 0 {
      guard byte & 0xC0 == 0x80 else {
        reset()
        takeGround(byte)
        return
      }
      pending.append(byte)
      scalarBytesWanted -= 1
      guard scalarBytesWanted == 0 else { return }
      guard let text = String(validating: pending, as: UTF8.self), let character = text.first
      else { return reset() }
      return emit(.letter(character))
    }
    switch byte {
    case 0x1B: state = .escape
    case 0x0D, 0x0A: emit(Key(.enter))
    case 0x09: emit(Key(.tab))
    case 0x7F, 0x08: emit(Key(.backspace))
    case 0x00: emit(.control(" "))
    case 0x01...0x1A: emit(.control(Character(Unicode.Scalar(byte + 0x60))))
    case 0x1C...0x1F: emit(.control(Character(Unicode.Scalar(byte + 0x40))))
    case 0x20...0x7E: emit(.letter(Character(Unicode.Scalar(byte))))
    case 0xC2...0xF4:
      pending = [byte]
      scalarBytesWanted = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
    default: reset()
    }
  }

  private mutating func takeEscape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "["): state = .sequence
    case UInt8(ascii: "O"): state = .singleShift
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      state = .string(sawEscape: false)
    case 0x1B:
      // Two of them: the first was the key, or stands for Alt before a sequence.
      inputs.append(.key(Key(.escape)))
    default:
      state = .ground
      isAlt = true
      takeGround(byte)
    }
  }

  private mutating func takeSequence(_ byte: UInt8) {
    switch byte {
    case 0x1B:
      reset()
      state = .escape
    case 0x20...0x3F:
      // One more than the limit is kept, which no known sequence has: it marks what is too long.
      if pending.count <= Self.sequenceBytesMax { pending.append(byte) }
    case UInt8(ascii: "[") where pending.isEmpty:
      // The Linux console's function keys: ESC [ [ A.
      pending.append(byte)
    case 0x40...0x7E:
      let parameters = pending
      finishSequence(parameters, byte)
    default: reset()
    }
  }

  private mutating func finishSequence(_ parameters: [UInt8], _ final: UInt8) {
    guard parameters.count <= Self.sequenceBytesMax else { return reset() }
    if parameters == Array("200".utf8), final == UInt8(ascii: "~") {
      reset()
      state = .paste
      return
    }
    if let mouse = KeySequences.mouse(parameters: parameters, final: final) {
      inputs.append(mouse)
      return reset()
    }
    guard let key = KeySequences.key(parameters: parameters, final: final) else { return reset() }
    emit(key)
  }

  private mutating func takeSingleShift(_ byte: UInt8) {
    guard let key = KeySequences.key(singleShift: byte) else { return reset() }
    emit(key)
  }

  private mutating func takeString(_ byte: UInt8, sawEscape: Bool) {
    if byte == 0x07 || (sawEscape && byte == UInt8(ascii: "\\")) { return reset() }
    state = .string(sawEscape: byte == 0x1B)
  }

  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private mutating func takePaste(_ byte: UInt8) {
    pasteTail.append(byte)
    if pasteTail == Self.pasteEnd {
      pasteTail = []
      endPaste()
      return
    }
    // What can't become the end any more is text.
    while !Self.pasteEnd.starts(with: pasteTail) { keep(pasteTail.removeFirst()) }
  }

  private mutating func keep(_ byte: UInt8) {
    if paste.count < Self.pasteBytesMax { paste.append(byte) }
  }

  private mutating func endPaste() {
    for byte in pasteTail { keep(byte) }
    inputs.append(.paste(String(decoding: paste, as: UTF8.self)))
    paste = []
    pasteTail = []
    reset()
  }
}
