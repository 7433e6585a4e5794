import CustomerModel

/// Which of comma, semicolon and tab stands between a table's cells, as its first line tells.
enum TableDelimiter {
  /// The delimiter with which most heads are names that are known; of several the one with which
  /// there are most heads.
  ///
  /// Counting the three isn't enough: a name of an attribute may hold any number of the others.
  static func found(in beginning: [UInt8]) -> Unicode.Scalar {
    var best: (delimiter: Unicode.Scalar, known: Int, heads: Int) = (",", 0, 0)
    for delimiter: Unicode.Scalar in [",", ";", "\t"] {
      var reader = CSVReader(delimiter: UInt8(ascii: delimiter))
      reader.append(beginning)
      // What there is of the first line is enough, should it be longer than the beginning.
      reader.finish()
      let heads = (reader.next()?.cells ?? []).map { trimmed($0) }
      let known = heads.count(where: isKnown)
      if (known, heads.count) > (best.known, best.heads) {
        best = (delimiter, known, heads.count)
      }
    }
    return best.delimiter
  }

  private static func isKnown(_ head: String) -> Bool {
    let head = SpreadsheetText.plain(head)
    return (try? FieldPath(head)) != nil || ColumnAliases.meaning(of: head) != nil
  }
}
