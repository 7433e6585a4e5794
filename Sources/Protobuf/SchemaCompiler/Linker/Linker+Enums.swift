extension Linker {
  /// Links an enumeration.
  func link(
    _ syntax: EnumSyntax,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) -> EnumDescriptor {
    var enumeration = EnumDescriptor(
      name: syntax.name.text,
      fullName: Self.join(scope, syntax.name.text)
    )
    enumeration.comment = syntax.comment
    enumeration.options = KnownOptions.resolve(
      syntax.options,
      for: KnownOptions.enumeration,
      &diagnostics
    )
    let reserved = ReservedNumbers(syntax.reserved, isEnum: true, &diagnostics)
    enumeration.reservedRanges = reserved.ranges
    enumeration.reservedNames = syntax.reserved.names.map(\.text)
    for value in syntax.values {
      let options = KnownOptions.resolve(
        value.options,
        for: KnownOptions.enumValue,
        &diagnostics
      )
      enumeration.values.append(
        EnumValueDescriptor(
          name: value.name.text,
          comment: value.comment,
          number: value.number,
          options: options
        )
      )
    }
    checkFirstValue(syntax, &diagnostics)
    checkNumbers(syntax, reserved, enumeration.options.isTrue("allow_alias"), &diagnostics)
    checkNames(syntax, &diagnostics)
    return enumeration
  }

  private func checkFirstValue(_ syntax: EnumSyntax, _ diagnostics: inout Diagnostics) {
    guard let first = syntax.values.first else {
      diagnostics.report("enum '\(syntax.name.text)' has no value", at: syntax.name.location)
      return
    }
    if first.number != 0 {
      diagnostics.report(
        "the first value of an enum must be 0, and '\(first.name.text)' is \(first.number)",
        at: first.numberLocation
      )
    }
  }

  private func checkNumbers(
    _ syntax: EnumSyntax,
    _ reserved: ReservedNumbers,
    _ allowsAlias: Bool,
    _ diagnostics: inout Diagnostics
  ) {
    var taken: [Int32: Name] = [:]
    var hasAlias = false
    for value in syntax.values {
      if let line = reserved.line(of: value.number) {
        diagnostics.report(
          "enum number \(value.number) is reserved (line \(line))",
          at: value.numberLocation
        )
      }
      guard let first = taken[value.number] else {
        taken[value.number] = value.name
        continue
      }
      hasAlias = true
      if !allowsAlias {
        diagnostics.report(
          "enum number \(value.number) is taken by '\(first.text)' "
            + "(line \(first.location.line)); 'option allow_alias = true;' would allow both",
          at: value.numberLocation
        )
      }
    }
    if allowsAlias, !hasAlias,
      let option = syntax.options.first(where: { $0.name.text == "allow_alias" })
    {
      diagnostics.report(
        "enum '\(syntax.name.text)' allows aliases but has none",
        at: option.name.location
      )
    }
  }

  private func checkNames(_ syntax: EnumSyntax, _ diagnostics: inout Diagnostics) {
    var taken: [String: EnumValueSyntax] = [:]
    let reservedNames = Set(syntax.reserved.names.map(\.text))
    for value in syntax.values {
      let name = value.name.text
      if reservedNames.contains(name),
        let place = syntax.reserved.names.first(where: { $0.text == name })
      {
        diagnostics.report(
          "enum value '\(name)' is reserved (line \(place.location.line))",
          at: value.name.location
        )
      }
      let key = DescriptorNames.enumConflictKey(of: name, in: syntax.name.text)
      guard let first = taken[key] else {
        taken[key] = value
        continue
      }
      // Two spellings of one number are an alias; a name that is there twice is reported as that.
      if first.number != value.number, first.name.text != name {
        diagnostics.report(
          "enum value '\(name)' differs from '\(first.name.text)' "
            + "(line \(first.name.location.line)) only in case or in the enum's name",
          at: value.name.location
        )
      }
    }
  }
}
