/// How many cells a screen has.
package struct GridSize: Hashable, Sendable {
  package var columns: Int
  package var rows: Int

  /// So many cells.
  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// The smallest screen on which everything has its place.
  package static let least = GridSize(columns: 60, rows: 20)

  /// The most columns that are drawn: twice what the widest screens have.
  static let columnsMax = 1000

  /// The most rows that are drawn.
  static let rowsMax = 500

  /// Whether everything has its place.
  package var isEnough: Bool { columns >= Self.least.columns && rows >= Self.least.rows }

  /// The size within the limits, whatever a terminal says.
  package var limited: GridSize {
    GridSize(
      columns: min(max(columns, 1), Self.columnsMax),
      rows: min(max(rows, 1), Self.rowsMax)
    )
  }
}

/// A place on the screen, counted from 0.
package struct GridPosition: Hashable, Sendable {
  package var row: Int
  package var column: Int

  /// The place in a row and a column.
  package init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}

/// One place for a letter.
struct Cell: Hashable, Sendable {
  /// The most code points that a cell keeps: marks without end would be written again and again.
  static let scalarsMax = 16

  /// A grapheme without controls; empty in the right half of a wide one.
  var text = " "

  var style = Style.plain

  /// Whether a terminal may think otherwise of the width: all but single, narrow code points.
  var isUncertain: Bool { text.utf8.count > 1 && (text.unicodeScalars.count > 1 || isWide) }

  /// Whether the cell takes the next one as well.
  var isWide: Bool { text.utf8.count > 1 && CellWidth.of(text) == 2 }
}

/// A screen as cells, and where the cursor stands.
package struct Grid: Equatable, Sendable {
  package let size: GridSize

  /// Row by row.
  private(set) var cells: [Cell]

  /// Where the cursor is shown; nil hides it.
  package var cursor: GridPosition?

  /// What can be clicked, what is on top last; what that means is known to who draws.
  package var areas: [(row: Int, columns: Range<Int>, target: any Sendable)] = []

  /// Creates an empty screen.
  package init(_ size: GridSize) {
    self.size = size.limited
    cells = Array(repeating: Cell(), count: self.size.columns * self.size.rows)
  }

  /// Whether two screens look the same; what clicks mean isn't seen.
  package static func == (left: Grid, right: Grid) -> Bool {
    left.size == right.size && left.cells == right.cells && left.cursor == right.cursor
  }

  subscript(row: Int, column: Int) -> Cell { cells[row * size.columns + column] }

  /// Puts a grapheme into its place, if it fits there; what it cuts in half goes.
  mutating func set(_ cell: Cell, row: Int, column: Int) {
    let width = cell.isWide ? 2 : 1
    guard (0..<size.rows).contains(row), column >= 0, column + width <= size.columns else { return }
    let index = row * size.columns + column
    if cells[index].text.isEmpty { cells[index - 1].text = " " }
    let last = index + width - 1
    if cells[last].isWide { cells[last + 1].text = " " }
    cells[index] = cell
    if width == 2 { cells[last] = Cell(text: "", style: cell.style) }
  }

  /// The row's letters, without the spaces behind the last.
  package func text(ofRow row: Int) -> String {
    var text = (0..<size.columns).map { self[row, $0].text }.joined()
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
