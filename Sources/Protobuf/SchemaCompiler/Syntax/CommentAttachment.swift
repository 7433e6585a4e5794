/// Decides which word each comment between two words belongs to, as protoc does.
///
/// Source: `SourceCodeInfo.Location` in protobuf's `descriptor.proto`, with its example.
struct CommentAttachment {
  /// The comment behind the word before.
  private(set) var trailing: String?

  /// The comment above the word that follows.
  private(set) var leading: String?

  /// Attaches comments.
  ///
  /// - Parameters:
  ///   - comments: The comments between the two words, in order.
  ///   - previousLine: The line of the word before; `nil` at the start of the file.
  ///   - nextLine: The line of the word that follows.
  ///   - endsScope: Whether that word closes a block, which no comment describes.
  init(_ comments: [Comment], after previousLine: Int?, before nextLine: Int, endsScope: Bool) {
    if nextLine == previousLine { return }
    let blocks = Self.blocks(comments)
    for (index, block) in blocks.enumerated() {
      guard let first = block.first, let last = block.last else { continue }
      let touchesNext = last.lastLine + 1 >= nextLine && !endsScope
      // A block comment on the next word's own line could mean either; it belongs to none.
      if index == 0, let previousLine, first.firstLine <= previousLine + 1,
        !touchesNext || first.firstLine == previousLine
      {
        if last.lastLine < nextLine { trailing = Self.text(block) }
      } else if index == blocks.count - 1, touchesNext {
        leading = Self.text(block)
      }
    }
  }

  /// Comments that are read as one: line comments without a blank line between them.
  ///
  /// One that stands behind a word on its line is never continued below.
  private static func blocks(_ comments: [Comment]) -> [[Comment]] {
    var blocks: [[Comment]] = []
    for comment in comments {
      if let last = blocks.last?.last, last.isLineComment, comment.isLineComment,
        last.lastLine + 1 == comment.firstLine, !last.followsWord
      {
        blocks[blocks.count - 1].append(comment)
      } else {
        blocks.append([comment])
      }
    }
    return blocks
  }

  private static func text(_ block: [Comment]) -> String? {
    var lines = block.flatMap(\.lines)
    let isBlank = { (line: String) in line.utf8.allSatisfy { $0 == UInt8(ascii: " ") } }
    while let last = lines.last, isBlank(last) { lines.removeLast() }
    while let first = lines.first, isBlank(first) { lines.removeFirst() }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }
}
