/// Lines that wait to be written, of which there is never more than so many bytes.
///
/// Where there is no room a line is dropped and counted; one line in the place of those that are
/// missing says how many they are. The queue writes nothing and reads no clock.
struct LineQueue {
  /// The bytes that wait at most, line breaks included.
  let bytesMax: Int

  /// What stands in the place of lines that are missing, without a line break.
  let note: @Sendable (_ droppedCount: Int) -> String

  /// A line with its line break, and the lines that it stands for if it is a note.
  private struct Line {
    var bytes: [UInt8]
    var count: Int
  }

  private var waiting: [Line] = []
  private var waitingBytes = 0
  private var droppedCount = 0
  private var taken: [Line] = []

  /// Whether nothing more is to be written before there is a new line: the last write failed.
  private var isHeld = false

  /// An empty queue.
  init(bytesMax: Int, note: @escaping @Sendable (Int) -> String) {
    self.bytesMax = bytesMax
    self.note = note
  }

  /// Adds a line, or drops and counts it.
  mutating func append(_ text: String) {
    isHeld = false
    let line = Line(bytes: Array((text + "\n").utf8), count: 1)
    var added = [line]
    if droppedCount > 0 { added.insert(noteOf(droppedCount), at: 0) }
    let bytes = added.reduce(0) { $0 + $1.bytes.count }
    guard waitingBytes + bytes <= bytesMax else {
      droppedCount += 1
      return
    }
    waiting += added
    waitingBytes += bytes
    droppedCount = 0
  }

  /// Takes all that waits, with the note of what is missing at its end.
  ///
  /// ``settle(writtenCount:)`` says how far it was written; until then nothing is to be taken again.
  ///
  /// - Returns: The bytes to write; `nil` if nothing waits.
  mutating func take() -> [UInt8]? {
    guard !isHeld, !waiting.isEmpty || droppedCount > 0 else { return nil }
    taken += waiting
    if droppedCount > 0 { taken.append(noteOf(droppedCount)) }
    waiting = []
    waitingBytes = 0
    droppedCount = 0
    return taken.flatMap(\.bytes)
  }

  /// Notes how many of the bytes taken were written.
  ///
  /// The rest of a line of which a part was written comes first the next time, so that no line is
  /// torn. The lines behind it are dropped: the next line tries again, and their number with it.
  mutating func settle(writtenCount: Int) {
    var rest = writtenCount
    var torn: [Line] = []
    var lost = 0
    for line in taken {
      let count = min(rest, line.bytes.count)
      rest -= count
      if count == line.bytes.count { continue }
      if count > 0 || line.count == 0 {
        torn = [Line(bytes: Array(line.bytes.dropFirst(count)), count: 0)]
      } else {
        lost += line.count
      }
    }
    taken = torn
    if lost == 0 { return }
    if waiting.isEmpty {
      droppedCount += lost
      isHeld = true
    } else {
      waiting.insert(noteOf(lost), at: 0)
    }
  }

  private func noteOf(_ count: Int) -> Line {
    Line(bytes: Array((note(count) + "\n").utf8), count: count)
  }
}
