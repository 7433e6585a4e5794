/// Makes Swift names of a schema's; the only place that knows Swift's keywords.
enum SwiftNames {
  /// A name for a property, parameter or method: `customer_id` becomes `customerID`.
  static func property(_ name: String) -> String {
    let name = camel(words(name), startsUpper: false)
    return memberNames.contains(name) ? name + "Field" : name
  }

  /// A name for a type: `phone_type` becomes `PhoneType`.
  static func type(_ name: String) -> String {
    let name = camel(words(name), startsUpper: true)
    return typeNames.contains(name) ? "Proto" + name : name
  }

  /// A name for an enumeration's value, without the enumeration's own name in front:
  /// `PHONE_TYPE_MOBILE` of `PhoneType` becomes `mobile`.
  static func enumValue(_ name: String, in enumeration: String) -> String {
    let result = camel(words(withoutPrefix(name, enumeration)), startsUpper: false)
    return metatypeNames.contains(result) ? result + "Value" : result
  }

  /// A name for a member of a oneof; `none` and `some` are the optional's around it.
  static func oneofCase(_ name: String) -> String {
    let result = camel(words(name), startsUpper: false)
    let clashes = metatypeNames.contains(result) || result == "none" || result == "some"
    return clashes ? result + "Value" : result
  }

  /// A name for the descriptor of a file: `google/rpc/status.proto` becomes `StatusSchema`.
  static func schema(of path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    let name = file.hasSuffix(".proto") ? file.dropLast(6) : file
    let safe = String(decoding: name.utf8.map { $0.isIdentifierPart ? $0 : 0x5F }, as: UTF8.self)
    return camel(words(safe), startsUpper: true) + "Schema"
  }

  /// The name as it stands in code: in backticks if it is a keyword.
  static func escaped(_ name: String) -> String {
    keywords.contains(name) ? "`\(name)`" : name
  }

  /// A number with its digits in groups, if it has many.
  static func literal(_ number: Int64) -> String {
    let digits = Array(String(number.magnitude))
    if digits.count < 7 { return String(number) }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "_" }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  // MARK: Words

  /// The words of a name: divided at underscores; words in capitals turned to lower case.
  private static func words(_ name: String) -> [String] {
    let parts = name.split(separator: "_").map(String.init)
    let hasLower = name.utf8.contains { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
    return hasLower ? parts : parts.map { $0.lowercased() }
  }

  private static func camel(_ words: [String], startsUpper: Bool) -> String {
    var result = ""
    for word in words {
      let isFirst = result.isEmpty
      if !isFirst || startsUpper, let short = shortWords[word] {
        result += short
      } else if isFirst, !startsUpper {
        result += lowerFirst(word)
      } else {
        result += word.prefix(1).uppercased() + word.dropFirst()
      }
    }
    // A name of underscores only, or one that begins with a digit, is none in Swift.
    guard let first = result.utf8.first else { return startsUpper ? "Underscore" : "underscore" }
    return first.isDigit ? (startsUpper ? "N" : "n") + result : result
  }

  /// The word with its capitals in front in lower case: `URLPath` becomes `urlPath`.
  private static func lowerFirst(_ word: String) -> String {
    let isUpper = { (byte: UInt8) in byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    let bytes = Array(word.utf8)
    var count = bytes.prefix(while: isUpper).count
    if count == 0 { return word }
    // The last of several capitals begins the next word.
    if count > 1, count < bytes.count, bytes[count].isLetter { count -= 1 }
    return word.prefix(count).lowercased() + word.dropFirst(count)
  }

  private static func withoutPrefix(_ name: String, _ enumeration: String) -> String {
    var rest = name.utf8[...]
    for byte in enumeration.utf8 where byte != UInt8(ascii: "_") {
      while rest.first == UInt8(ascii: "_") { rest = rest.dropFirst() }
      guard let first = rest.first, first | 0x20 == byte | 0x20 else { return name }
      rest = rest.dropFirst()
    }
    // Only whole words are taken off: `KINDLE` of `Kind` stays.
    guard rest.first == UInt8(ascii: "_") else { return name }
    let stripped = rest.drop { $0 == UInt8(ascii: "_") }
    guard let first = stripped.first, first.isLetter else { return name }
    return String(Substring(stripped))
  }

  /// The few words that stay short, by how a schema writes them.
  private static let shortWords = [
    "id": "ID", "ids": "IDs", "url": "URL", "urls": "URLs", "sql": "SQL", "rpc": "RPC",
    "uri": "URI", "uris": "URIs", "json": "JSON", "http": "HTTP", "uuid": "UUID", "api": "API",
  ]

  // MARK: Names that are taken

  /// Members of every message, and what Swift keeps for itself.
  private static let memberNames: Set = [
    "unknownFields", "messageName", "schema", "wireSize", "merge", "write", "encode", "encoded",
    "hash", "hashValue", "init", "self", "Type", "Self", "Protocol",
  ]

  /// What stands for something else behind a type's name and a point.
  private static let metatypeNames: Set = [
    "init", "self", "Type", "Self", "Protocol", "rawValue", "hash", "hashValue",
  ]

  /// Types that generated code names, and types of Swift's that a nested one must not hide.
  private static let typeNames: Set = [
    "Any", "Bool", "Double", "Duration", "Float", "Hashable", "Hasher", "Indirect", "Int", "Int32",
    "Int64",
    "Optional", "Protocol", "SchemaFile", "Self", "Sendable", "String", "Swift", "Type", "UInt32",
    "UInt64", "UInt8", "UnknownFields", "WireEnum", "WireError", "WireMap", "WireMessage",
    "WireReader", "WireSize", "WireWriter",
  ]

  private static let keywords: Set = [
    "Any", "Self", "as", "associatedtype", "break", "case", "catch", "class", "continue",
    "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false",
    "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout", "internal",
    "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public", "repeat",
    "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch", "throw",
    "throws", "true", "try", "typealias", "var", "where", "while",
  ]
}
