import Arguments
import CustomerModel
import ProtoWire

/// What each column of a table is, and how a row becomes a customer.
package struct ColumnMapping {
  /// What the user said about columns.
  package struct Settings {
    /// A column's field; the field is nil where the column is to be left out.
    package var maps: [(column: String, field: FieldPath?)] = []

    /// Values for what a row leaves open.
    package var sets: [(field: FieldPath, value: String)] = []

    /// Whether a column that nobody knows is an attribute.
    package var takesAttributes = false

    /// Nothing was said.
    package init() {}
  }

  /// The columns that a file of rejected rows has on top; ignored when it comes back.
  static let reportColumns = ["_row", "_field", "_reason"]

  /// The heads as they stand in the file, trimmed.
  let header: [String]

  /// The fields and the columns whose texts make them up.
  private let sources: [Source]

  /// Whether `""` is another cell than nothing: not where even the heads are all in quotes, as some
  /// programs write everything so.
  let quotesTell: Bool

  private let settings: Settings
  private let mappedElements: Set<ListElement>

  /// The column of attributes as a JSON object, which ``CustomerColumns`` writes if there are many.
  private let attributesPlace: Int?

  /// A field and where its text comes from.
  fileprivate struct Source {
    var field: FieldPath
    var kind: PhoneNumber.Kind?
    var columns: [Int]
  }

  /// Reads the heads of a table.
  init(header: [String], settings: Settings, quotesTell: Bool = true) throws(ImportError) {
    let header = header.map { trimmed($0) }
    try Self.checkHeader(header)
    var draft = Draft(header: header)
    try draft.takeMaps(settings.maps)
    try draft.takeNames(asAttributes: settings.takesAttributes)
    sources = try draft.sources()
    attributesPlace = draft.attributesPlace
    self.quotesTell = quotesTell
    self.header = header
    self.settings = settings
    mappedElements = Set(sources.compactMap { ListElement($0.field) })
  }

  /// Makes a customer of a row.
  ///
  /// - Parameters:
  ///   - cells: The texts.
  ///   - givenEmpty: The places of cells that say they are empty: an attribute's value may be so.
  /// - Returns: The customer.
  /// - Throws: What is wrong with it: a cell too many or too few, or a text that its field can't
  ///   hold.
  func customer(
    from cells: [String],
    givenEmpty: [Int] = []
  ) throws(FieldError) -> Customer {
    try checkCount(cells)
    var customer = Customer()
    if let attributesPlace, !trimmed(cells[attributesPlace]).isEmpty {
      customer.attributes = try CustomerJSON.attributes(fromText: cells[attributesPlace])
    }
    for source in sources {
      let texts = source.columns.map { trimmed(cells[$0]) }.filter { !$0.isEmpty }
      if case .attribute(let name) = source.field, texts.isEmpty,
        source.columns.contains(where: givenEmpty.contains)
      {
        customer.attributes[name] = ""
      }
      guard !texts.isEmpty else { continue }
      let text = texts.joined(separator: " ")
      guard let kind = source.kind, case .wholePhone(let index) = source.field else {
        try source.field.set(text, in: &customer)
        continue
      }
      let part: PhonePart = text.hasPrefix("+") ? .numberInternational : .numberLocal
      try FieldPath.phone(index, part).set(text, in: &customer)
      customer.phones[index].type = kind
    }
    try settings.fill(&customer, mappedElements: mappedElements)
    customer.phones.removeAll { $0 == PhoneNumber() }
    customer.addresses.removeAll { $0 == Address() }
    return customer
  }

  private func checkCount(_ cells: [String]) throws(FieldError) {
    guard cells.count != header.count else {
      for (head, cell) in zip(header, cells) where head.isEmpty && !trimmed(cell).isEmpty {
        throw FieldError(
          field: "",
          reason: "\(Words.quoted(cell)) stands in a column without a name"
        )
      }
      return
    }
    throw FieldError(
      field: "",
      reason: "the row has \(cells.count) cells, the header \(header.count)"
    )
  }

  private static func checkHeader(_ header: [String]) throws(ImportError) {
    guard header.contains(where: { !$0.isEmpty }) else { throw .noHeader }
    var places: [String: Int] = [:]
    for (index, head) in header.enumerated() where !head.isEmpty {
      if let first = places[head] {
        throw .repeatedColumn(head, first: first + 1, second: index + 1)
      }
      places[head] = index
    }
  }
}

extension ColumnMapping.Settings {
  /// Gives a customer the values it leaves open.
  ///
  /// A value for an element of a list that columns are mapped to is left out where the row has
  /// nothing else in that element: a country alone is no address.
  func fill(
    _ customer: inout Customer,
    mappedElements: Set<ListElement> = []
  ) throws(FieldError) {
    for (field, value) in sets where field.text(in: customer) == nil {
      if let element = ListElement(field), mappedElements.contains(element),
        !element.isFilled(in: customer)
      {
        continue
      }
      try field.set(value, in: &customer)
    }
  }
}

/// A phone or an address, by its place.
struct ListElement: Hashable {
  private let list: CustomerField
  private let place: Int

  /// The element that a text belongs to; nil for what is in no list.
  init?(_ path: FieldPath) {
    guard let place = path.place else { return nil }
    list = path.field
    self.place = place
  }

  fileprivate func isFilled(in customer: Customer) -> Bool {
    list == .phones
      ? place < customer.phones.count && customer.phones[place] != PhoneNumber()
      : place < customer.addresses.count && customer.addresses[place] != Address()
  }
}

/// The meanings of columns while they are found.
private struct Draft {
  /// The column of attributes as a JSON object.
  private(set) var attributesPlace: Int?

  /// What a column is, and how sure that is.
  private struct Column {
    var meaning: ColumnAliases.Meaning?
    var isSaid = false
    var isLeftOut = false
  }

  private let header: [String]
  private var columns: [Column]

  init(header: [String]) {
    self.header = header
    columns = header.map { head in
      Column(isLeftOut: head.isEmpty || ColumnMapping.reportColumns.contains(head))
    }
  }

  mutating func takeMaps(_ maps: [(column: String, field: FieldPath?)]) throws(ImportError) {
    for (name, field) in maps {
      let name = trimmed(name)
      let place =
        header.firstIndex(of: name)
        ?? header.firstIndex { $0.lowercased() == name.lowercased() }
      guard let place, !name.isEmpty else { throw .noSuchColumn(name, header: header) }
      columns[place].isSaid = true
      columns[place].isLeftOut = field == nil
      columns[place].meaning = field.map { .field($0) }
    }
  }

  mutating func takeNames(asAttributes takesAttributes: Bool) throws(ImportError) {
    var unknown: [String] = []
    for index in columns.indices where !columns[index].isSaid && !columns[index].isLeftOut {
      if header[index] == CustomerColumns.otherAttributes {
        attributesPlace = index
      } else if let path = try? FieldPath(header[index]) {
        columns[index].meaning = .field(path)
      } else if let meaning = ColumnAliases.meaning(of: header[index]) {
        columns[index].meaning = meaning
      } else if takesAttributes {
        columns[index].meaning = .field(.attribute(header[index]))
      } else {
        unknown.append(header[index])
      }
    }
    guard unknown.isEmpty else { throw .unknownColumns(unknown) }
  }

  /// The fields in the order of their first columns.
  func sources() throws(ImportError) -> [ColumnMapping.Source] {
    var sources: [ColumnMapping.Source] = []
    var places: [FieldPath: Int] = [:]
    var named: [FieldPath: Int] = [:]
    var freePhones = freePhonePlaces
    for (index, column) in columns.enumerated() {
      guard !column.isLeftOut, let meaning = column.meaning else { continue }
      let field: FieldPath
      var kind: PhoneNumber.Kind?
      switch meaning {
      case .field(let path), .beginning(let path):
        field = path
      case .phone(let phoneKind):
        guard let place = freePhones.popLast() else { throw .tooManyPhones }
        field = .wholePhone(place)
        kind = phoneKind
      }
      if case .field = meaning, !column.isSaid {
        if let other = named[field] {
          throw .sameField(header[other], header[index], field: field)
        }
        named[field] = index
      }
      if let place = places[field] {
        sources[place].columns.append(index)
      } else {
        places[field] = sources.count
        sources.append(ColumnMapping.Source(field: field, kind: kind, columns: [index]))
      }
    }
    return sources
  }

  /// Places in the list of phones that no column names, the first one last.
  private var freePhonePlaces: [Int] {
    var taken: Set<Int> = []
    for column in columns where !column.isLeftOut {
      guard case .field(let path) = column.meaning, path.field == .phones else { continue }
      if let place = path.place { taken.insert(place) }
    }
    return (0..<PhoneNumber.countMax).reversed().filter { !taken.contains($0) }
  }
}
