extension Customer {
  /// The name to show: what there is, in the order of the fields; at last the id.
  package var shownName: String {
    if !displayName.isEmpty { return displayName }
    let name = fullName
    if !name.isEmpty { return name }
    if !emailAddress.isEmpty { return emailAddress }
    return shownNumber.isEmpty ? customerID : shownNumber
  }

  /// First and last name together: what an empty display name becomes.
  package var fullName: String {
    [Text.trimmed(firstName), Text.trimmed(lastName)].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The first number there is; empty where there is none.
  package var shownNumber: String { phones.lazy.map(\.number).first { !$0.isEmpty } ?? "" }
}
