/// The options that the language itself knows.
///
/// Source: the option messages of protobuf's `descriptor.proto`; names, numbers and types are
/// theirs.
enum KnownOptions {
  /// What an option takes as its value.
  enum Kind: Sendable {
    case bool
    case string
    case enumeration([String: Int32])
  }

  /// An option's number and type.
  struct Known: Sendable {
    var number: UInt32
    var kind: Kind

    init(_ number: UInt32, _ kind: Kind) {
      self.number = number
      self.kind = kind
    }
  }

  /// What an option can be set on, with the options known there.
  struct Target: Sendable {
    /// The target in words, such as `a file`.
    var what: String
    var known: [String: Known]
  }

  static let file = Target(
    what: "a file",
    known: [
      "java_package": Known(1, .string),
      "java_outer_classname": Known(8, .string),
      "optimize_for": Known(
        9,
        .enumeration(["SPEED": 1, "CODE_SIZE": 2, "LITE_RUNTIME": 3])
      ),
      "java_multiple_files": Known(10, .bool),
      "go_package": Known(11, .string),
      "cc_generic_services": Known(16, .bool),
      "java_generic_services": Known(17, .bool),
      "py_generic_services": Known(18, .bool),
      "java_generate_equals_and_hash": Known(20, .bool),
      "deprecated": Known(23, .bool),
      "java_string_check_utf8": Known(27, .bool),
      "cc_enable_arenas": Known(31, .bool),
      "objc_class_prefix": Known(36, .string),
      "csharp_namespace": Known(37, .string),
      "swift_prefix": Known(39, .string),
      "php_class_prefix": Known(40, .string),
      "php_namespace": Known(41, .string),
      "php_generic_services": Known(42, .bool),
      "php_metadata_namespace": Known(44, .string),
      "ruby_package": Known(45, .string),
    ]
  )

  static let message = Target(
    what: "a message",
    known: [
      "message_set_wire_format": Known(1, .bool),
      "no_standard_descriptor_accessor": Known(2, .bool),
      "deprecated": Known(3, .bool),
      "map_entry": Known(7, .bool),
    ]
  )

  static let field = Target(
    what: "a field",
    known: [
      "ctype": Known(1, .enumeration(["STRING": 0, "CORD": 1, "STRING_PIECE": 2])),
      "packed": Known(2, .bool),
      "deprecated": Known(3, .bool),
      "lazy": Known(5, .bool),
      "jstype": Known(6, .enumeration(["JS_NORMAL": 0, "JS_STRING": 1, "JS_NUMBER": 2])),
      "weak": Known(10, .bool),
      "unverified_lazy": Known(15, .bool),
    ]
  )

  static let oneof = Target(what: "a oneof", known: [:])

  static let enumeration = Target(
    what: "an enum",
    known: ["allow_alias": Known(2, .bool), "deprecated": Known(3, .bool)]
  )

  static let enumValue = Target(what: "an enum's value", known: ["deprecated": Known(1, .bool)])

  static let service = Target(what: "a service", known: ["deprecated": Known(33, .bool)])

  static let method = Target(
    what: "a method",
    known: [
      "deprecated": Known(33, .bool),
      "idempotency_level": Known(
        34,
        .enumeration(["IDEMPOTENCY_UNKNOWN": 0, "NO_SIDE_EFFECTS": 1, "IDEMPOTENT": 2])
      ),
    ]
  )

  /// Turns options as written into options as stored; custom ones are left out.
  static func resolve(
    _ options: [OptionSyntax],
    for target: Target,
    _ diagnostics: inout Diagnostics
  ) -> OptionValues {
    var values = OptionValues()
    var lines: [String: Int] = [:]
    for option in options where !option.isCustom {
      let name = option.name.text
      guard let known = target.known[name] else {
        diagnostics.report(
          "option '\(name)' of \(target.what) is unknown",
          at: option.name.location
        )
        continue
      }
      if let line = lines.updateValue(option.name.location.line, forKey: name) {
        diagnostics.report(
          "option '\(name)' is set already (line \(line))",
          at: option.name.location
        )
        continue
      }
      guard let value = value(option.value, of: known.kind) else {
        diagnostics.report(
          "option '\(name)' must be \(known.kind.expectation)",
          at: option.valueLocation
        )
        continue
      }
      values.set(name, known.number, value)
    }
    return values
  }

  private static func value(_ value: OptionSyntax.Value, of kind: Kind) -> OptionValues.Value? {
    switch (kind, value) {
    case (.bool, .identifier("true")): .bool(true)
    case (.bool, .identifier("false")): .bool(false)
    case (.string, .string(let bytes)):
      String(validating: bytes, as: UTF8.self) == nil ? nil : .string(bytes)
    case (.enumeration(let names), .identifier(let name)): names[name].map { .number($0) }
    case (.bool, _), (.string, _), (.enumeration, _): nil
    }
  }
}

extension KnownOptions.Kind {
  /// The values in words.
  fileprivate var expectation: String {
    switch self {
    case .bool: "true or false"
    case .string: "UTF-8 text in quotes"
    case .enumeration(let names):
      names.sorted { $0.value < $1.value }.map(\.key).joined(separator: ", ")
    }
  }
}
