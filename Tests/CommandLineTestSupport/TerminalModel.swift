import Terminal

/// A terminal as ECMA-48 describes it, as far as the output of programs here needs one: cursor, looks,
/// erasing, text.
///
/// Anything else is noted as unknown.
package struct TerminalModel {
  package private(set) var grid: Grid
  package private(set) var unknown: [String] = []
  private var row = 0
  private var column = 0
  private var style = Style.plain
  private var isCursorShown = true

  package init(_ size: GridSize) { grid = Grid(size) }

  /// The screen, with the cursor if it shows.
  package var screen: Grid {
    var screen = grid
    screen.cursor = isCursorShown ? GridPosition(row: row, column: column) : nil
    return screen
  }

  package mutating func take(_ bytes: [UInt8]) {
    var rest = Substring(String(decoding: bytes, as: UTF8.self))
    while let character = rest.first {
      if rest.hasPrefix("\u{1B}[") {
        rest.removeFirst(2)
        let parameters = rest.prefix { !("@"..."~").contains($0) }
        rest.removeFirst(parameters.count)
        control(String(parameters), rest.removeFirst())
      } else {
        rest.removeFirst()
        print(character)
      }
    }
  }

  private mutating func print(_ character: Character) {
    grid.put(String(character), row: row, column: column, style: style)
    column += CellWidth.of(character)
  }

  private mutating func control(_ parameters: String, _ final: Character) {
    switch final {
    case "H":
      let numbers = parameters.split(separator: ";").compactMap { Int($0) }
      row = (numbers.first ?? 1) - 1
      column = (numbers.last ?? 1) - 1
    case "J" where parameters == "2": grid = Grid(grid.size)
    case "m": for code in parameters.split(separator: ";") { look(Int(code) ?? 0) }
    case "l" where parameters == "?25": isCursorShown = false
    case "h" where parameters == "?25": isCursorShown = true
    default: unknown.append("\(parameters)\(final)")
    }
  }

  private mutating func look(_ code: Int) {
    switch code {
    case 0: style = .plain
    case 1: style = style.with(.bold)
    case 2: style = style.with(.dim)
    case 4: style = style.with(.underlined)
    case 7: style = style.with(.reversed)
    case 9: style = style.with(.struck)
    default:
      if let color = Style.Color(rawValue: UInt8(code)) {
        style.color = color
      } else {
        unknown.append("\(code)m")
      }
    }
  }
}
