import CustomerModel

extension FieldDifference {
  /// The field's path.
  package var field: String { path.text }

  /// The change in one line: `firstName: Ann → Anna`.
  package var text: String { "\(field): \(Self.shown(old)) → \(Self.shown(new))" }

  /// A value in a line of text.
  package static func shown(_ value: String?) -> String {
    guard let value else { return "(none)" }
    return value.isEmpty ? "\"\"" : value
  }
}

extension ContestedField {
  /// Both values, and what was before: `firstName: yours Anne, theirs Anna, before Ann`.
  ///
  /// - Parameter knowsBefore: Whether what was before is known.
  /// - Returns: The line.
  package func text(knowsBefore: Bool) -> String {
    var parts: [String] = []
    if !knowsBefore || mine != before { parts.append("yours \(FieldDifference.shown(mine))") }
    if !knowsBefore || theirs != before { parts.append("theirs \(FieldDifference.shown(theirs))") }
    if knowsBefore { parts.append("before \(FieldDifference.shown(before))") }
    return "\(path.text): " + parts.joined(separator: ", ")
  }
}
