/// The bytes that turn one screen into another on a terminal: only cells that differ are written.
///
/// Control sequences are those of ECMA-48: CUP moves the cursor, SGR sets the looks. Where a
/// terminal may think otherwise of a grapheme's width, the cursor is placed anew behind it.
package struct GridUpdate {
  /// Whether colours are used.
  let usesColors: Bool

  private var bytes = ""

  /// Where the terminal's cursor is known to stand.
  private var cursor: GridPosition?

  /// The looks that are set; nil before the first.
  private var style: Style?

  private init(usesColors: Bool) { self.usesColors = usesColors }

  /// Makes the bytes.
  ///
  /// - Parameters:
  ///   - old: What the terminal shows; nil is anything.
  ///   - new: What it is to show.
  ///   - usesColors: Whether colours are used.
  /// - Returns: The bytes; none if there is no difference.
  package static func bytes(from old: Grid?, to new: Grid, usesColors: Bool = true) -> [UInt8] {
    var update = GridUpdate(usesColors: usesColors)
    let known = old?.size == new.size ? old : nil
    guard known != new else { return [] }
    update.bytes += "\u{1B}[?25l"
    if known == nil { update.bytes += "\u{1B}[0m\u{1B}[2J" }
    update.write(new, over: known ?? Grid(new.size))
    if update.style != nil { update.bytes += "\u{1B}[0m" }
    if let place = new.cursor {
      update.move(to: place)
      update.bytes += "\u{1B}[?25h"
    }
    return Array(update.bytes.utf8)
  }

  private mutating func write(_ new: Grid, over old: Grid) {
    for row in 0..<new.size.rows {
      for column in 0..<new.size.columns {
        let cell = new[row, column]
        guard cell != old[row, column], !cell.text.isEmpty else { continue }
        let place = GridPosition(row: row, column: column)
        if !rewrite(to: place, in: new) { move(to: place) }
        set(looks(of: cell))
        bytes += cell.text
        cursor = GridPosition(row: row, column: column + 1)
        // Behind the last column a terminal's cursor stands differently from one to the next.
        if cell.isUncertain || column + 1 == new.size.columns { cursor = nil }
      }
    }
  }

  /// The most cells that are written again: moving over them takes as many bytes at least.
  private static let rewrittenMax = 6

  /// Reaches a place by writing the few cells before it again, if they have the looks that are set.
  private mutating func rewrite(to place: GridPosition, in grid: Grid) -> Bool {
    guard let cursor, cursor.row == place.row, cursor.column < place.column,
      place.column - cursor.column <= Self.rewrittenMax
    else { return false }
    let cells = (cursor.column..<place.column).map { grid[place.row, $0] }
    guard cells.allSatisfy({ $0.text.utf8.count == 1 && looks(of: $0) == style }) else {
      return false
    }
    for cell in cells { bytes += cell.text }
    self.cursor = place
    return true
  }

  private mutating func move(to place: GridPosition) {
    guard cursor != place else { return }
    bytes += "\u{1B}[\(place.row + 1);\(place.column + 1)H"
    cursor = place
  }

  private func looks(of cell: Cell) -> Style {
    usesColors ? cell.style : Style(traits: cell.style.traits)
  }

  private mutating func set(_ new: Style) {
    guard new != style else { return }
    style = new
    var codes = ["0"]
    let traits: [(Style.Traits, String)] = [
      (.bold, "1"), (.dim, "2"), (.underlined, "4"), (.reversed, "7"), (.struck, "9"),
    ]
    codes += traits.filter { new.traits.contains($0.0) }.map(\.1)
    if new.color != .usual { codes.append("\(new.color.rawValue)") }
    bytes += "\u{1B}[\(codes.joined(separator: ";"))m"
  }
}
