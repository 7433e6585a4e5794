extension Linker {
  /// Links a message.
  func link(
    _ syntax: MessageSyntax,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) -> MessageDescriptor {
    let fullName = Self.join(scope, syntax.name.text)
    var message = MessageDescriptor(name: syntax.name.text, fullName: fullName)
    message.comment = syntax.comment
    message.isMapEntry = syntax.isMapEntry
    message.options = KnownOptions.resolve(
      syntax.options,
      for: KnownOptions.message,
      &diagnostics
    )
    checkOptions(syntax, &diagnostics)
    let reserved = ReservedNumbers(syntax.reserved, isEnum: false, &diagnostics)
    message.reservedRanges = reserved.ranges
    message.reservedNames = syntax.reserved.names.map(\.text)

    for nested in syntax.messages {
      message.messages.append(link(nested, in: fullName, &diagnostics))
    }
    for enumeration in syntax.enums {
      message.enums.append(link(enumeration, in: fullName, &diagnostics))
    }
    for oneof in syntax.oneofs {
      _ = KnownOptions.resolve(oneof.options, for: KnownOptions.oneof, &diagnostics)
      message.oneofs.append(OneofDescriptor(name: oneof.name.text, comment: oneof.comment))
    }
    for field in syntax.fields {
      message.fields.append(link(field, in: fullName, &diagnostics))
    }
    addSyntheticOneofs(to: &message)
    checkNumbers(syntax, reserved, &diagnostics)
    checkJSONNames(syntax, message, &diagnostics)
    if message.isMapEntry {
      // What protoc's parser sets on the entries it makes.
      message.options.set("map_entry", 7, .bool(true))
      checkMapKey(syntax, &diagnostics)
    }
    return message
  }

  private func addSyntheticOneofs(to message: inout MessageDescriptor) {
    var taken = Set(message.fields.map(\.name)).union(message.oneofs.map(\.name))
    for index in message.fields.indices where message.fields[index].isOptional {
      let name = DescriptorNames.syntheticOneof(
        of: message.fields[index].name,
        avoiding: taken
      )
      taken.insert(name)
      message.fields[index].oneofIndex = message.oneofs.count
      message.oneofs.append(OneofDescriptor(name: name, isSynthetic: true))
    }
  }

  // MARK: Fields

  private func link(
    _ syntax: FieldSyntax,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) -> FieldDescriptor {
    var field = FieldDescriptor(
      name: syntax.name.text,
      comment: syntax.comment,
      number: syntax.number,
      type: type(of: syntax, in: scope, &diagnostics),
      jsonName: DescriptorNames.json(of: syntax.name.text)
    )
    field.isRepeated = syntax.label == .repeated
    field.isOptional = syntax.label == .optional
    field.oneofIndex = syntax.oneofIndex
    if let jsonName = jsonName(syntax.options, &diagnostics) { field.jsonName = jsonName }
    field.options = KnownOptions.resolve(
      syntax.options.filter { $0.name.text != "json_name" },
      for: KnownOptions.field,
      &diagnostics
    )
    field.isPacked =
      field.isRepeated && field.type.isPackable && field.options["packed"] != .bool(false)
    checkOptions(of: field, syntax, &diagnostics)
    return field
  }

  private func type(
    of field: FieldSyntax,
    in scope: String,
    _ diagnostics: inout Diagnostics
  ) -> FieldType {
    switch field.type {
    case .scalar(let scalar): return .scalar(scalar)
    case .map(let entry): return .map(entry: Self.join(scope, entry))
    case .named(let name):
      guard let found = resolve(name, in: scope, typesOnly: true, &diagnostics) else {
        return .message("")
      }
      switch found.kind {
      case .message: return .message(found.name)
      case .enumeration: return .enumeration(found.name)
      case .package, .enumValue, .field, .oneof, .service, .method:
        diagnostics.report("'\(name.text)' is not a type", at: name.location)
        return .message("")
      }
    }
  }

  private func jsonName(
    _ options: [OptionSyntax],
    _ diagnostics: inout Diagnostics
  ) -> String? {
    let found = options.filter { $0.name.text == "json_name" }
    guard let first = found.first else { return nil }
    for later in found.dropFirst() {
      diagnostics.report(
        "option 'json_name' is set already (line \(first.name.location.line))",
        at: later.name.location
      )
    }
    guard case .string(let bytes) = first.value,
      let name = String(validating: bytes, as: UTF8.self)
    else {
      diagnostics.report(
        "option 'json_name' must be UTF-8 text in quotes",
        at: first.valueLocation
      )
      return nil
    }
    if name.hasPrefix("["), name.hasSuffix("]") {
      diagnostics.report(
        "JSON name '\(name)' has the brackets of an extension's name",
        at: first.valueLocation
      )
    }
    return name
  }

  private func checkOptions(
    of field: FieldDescriptor,
    _ syntax: FieldSyntax,
    _ diagnostics: inout Diagnostics
  ) {
    let location = { (name: String) in
      syntax.options.first { $0.name.text == name }?.name.location ?? syntax.name.location
    }
    if field.options.isTrue("packed"), !(field.isRepeated && field.type.isPackable) {
      diagnostics.report(
        "only a repeated field of numbers, Booleans or enums can be packed",
        at: location("packed")
      )
    }
    for name in ["lazy", "unverified_lazy"] where field.options.isTrue(name) {
      if case .message = field.type { continue }
      diagnostics.report("only a field of a message type can be \(name)", at: location(name))
    }
    if let jsType = field.options["jstype"], jsType != .number(0) {
      switch field.type {
      case .scalar(.int64), .scalar(.uint64), .scalar(.sint64), .scalar(.fixed64),
        .scalar(.sfixed64):
        break
      case .scalar, .message, .enumeration, .map:
        diagnostics.report("only a field of 64-bit numbers has a jstype", at: location("jstype"))
      }
    }
  }

  // MARK: Rules of a message

  private func checkOptions(_ syntax: MessageSyntax, _ diagnostics: inout Diagnostics) {
    for option in syntax.options where !option.isCustom {
      switch (option.name.text, option.value) {
      case ("map_entry", .identifier("true")):
        diagnostics.report(
          "'map_entry' is not for schemas: write 'map<…, …>'",
          at: option.name.location
        )
      case ("message_set_wire_format", .identifier("true")):
        diagnostics.report(
          "message sets are not supported: proto3 has none",
          at: option.name.location
        )
      case (_, _): break
      }
    }
  }

  private func checkNumbers(
    _ syntax: MessageSyntax,
    _ reserved: ReservedNumbers,
    _ diagnostics: inout Diagnostics
  ) {
    var taken: [Int32: Name] = [:]
    let reservedNames = Set(syntax.reserved.names.map(\.text))
    for field in syntax.fields {
      let number = field.number
      if !(1...DescriptorLimits.fieldNumberMax).contains(number) {
        diagnostics.report(
          "field number \(number) is not in 1 to \(DescriptorLimits.fieldNumberMax)",
          at: field.numberLocation
        )
      } else if DescriptorLimits.fieldNumbersKept.contains(number) {
        diagnostics.report(
          "field number \(number) is in 19000 to 19999, which protobuf keeps to itself",
          at: field.numberLocation
        )
      } else if let line = reserved.line(of: number) {
        diagnostics.report(
          "field number \(number) is reserved (line \(line))",
          at: field.numberLocation
        )
      }
      if let first = taken[number] {
        diagnostics.report(
          "field number \(number) is taken by '\(first.text)' (line \(first.location.line))",
          at: field.numberLocation
        )
      } else {
        taken[number] = field.name
      }
      if reservedNames.contains(field.name.text),
        let name = syntax.reserved.names.first(where: { $0.text == field.name.text })
      {
        diagnostics.report(
          "field name '\(field.name.text)' is reserved (line \(name.location.line))",
          at: field.name.location
        )
      }
    }
  }

  private func checkJSONNames(
    _ syntax: MessageSyntax,
    _ message: MessageDescriptor,
    _ diagnostics: inout Diagnostics
  ) {
    var byKey: [String: Name] = [:]
    var byName: [String: Name] = [:]
    for (field, linked) in zip(syntax.fields, message.fields) {
      let key = DescriptorNames.jsonConflictKey(of: field.name.text)
      // A field whose very name is taken is reported as that.
      if let first = byKey[key] ?? byName[linked.jsonName], first.text != field.name.text {
        diagnostics.report(
          "JSON name '\(linked.jsonName)' of '\(field.name.text)' conflicts with "
            + "'\(first.text)' (line \(first.location.line))",
          at: field.name.location
        )
      } else {
        byKey[key] = field.name
        byName[linked.jsonName] = field.name
      }
    }
  }

  private func checkMapKey(_ entry: MessageSyntax, _ diagnostics: inout Diagnostics) {
    guard let key = entry.fields.first else { return }
    let location = key.name.location
    switch key.type {
    case .scalar(.float), .scalar(.double):
      diagnostics.report("a map's key can't be a floating-point number", at: location)
    case .scalar(.bytes):
      diagnostics.report("a map's key can't be bytes", at: location)
    case .scalar: break
    case .named, .map:
      diagnostics.report("a map's key can't be a message or an enum", at: location)
    }
  }
}

extension FieldType {
  /// Whether a repeated field of it can be packed: numbers, Booleans and enumerations.
  var isPackable: Bool {
    switch self {
    case .scalar(.string), .scalar(.bytes), .message, .map: false
    case .scalar, .enumeration: true
    }
  }
}
