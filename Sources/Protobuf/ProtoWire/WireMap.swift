/// A map field: entries with different keys, in the order of the keys' bytes.
///
/// It is used like a dictionary: `customer.attributes["tier"] = "gold"`. Unlike one it keeps two
/// strings apart that only Unicode calls equal, because the wire does, and equal maps have equal
/// bytes. Look-up is by halving; setting a new key moves the entries behind it.
public struct WireMap<Key: WireMapKey, Value: Hashable & Sendable>: Sendable {
  /// The entries, ascending by key, no key twice; while a message is read, as they came.
  @usableFromInline package var entries: [WireMapEntry<Key, Value>] = []

  /// Whether ``entries`` are in order; only reading may leave them otherwise.
  @usableFromInline var isOrdered = true

  /// Creates an empty map.
  @inlinable
  public init() {}

  /// Creates a map of a dictionary's entries.
  public init(_ dictionary: [Key: Value]) {
    for (key, value) in dictionary { append(key, value) }
    order()
  }

  /// The number of entries.
  public var count: Int { entries.count }

  /// Whether there are no entries.
  @inlinable public var isEmpty: Bool { entries.isEmpty }

  /// The keys, ascending.
  public var keys: [Key] { entries.map(\.key) }

  /// The value of a key; setting `nil` removes the entry.
  public subscript(key: Key) -> Value? {
    get {
      let index = lowerBound(key)
      return holds(key, at: index) ? entries[index].value : nil
    }
    set {
      let index = lowerBound(key)
      switch (holds(key, at: index), newValue) {
      case (true, .some(let value)): entries[index].value = value
      case (true, .none): entries.remove(at: index)
      case (false, .some(let value)):
        entries.insert(WireMapEntry(key: key, value: value), at: index)
      case (false, .none): break
      }
    }
  }

  /// Adds an entry as it comes from the wire; ``order()`` must follow.
  @inlinable
  public mutating func append(_ key: Key, _ value: Value) {
    if let last = entries.last, !Key.precedes(last.key, key) { isOrdered = false }
    entries.append(WireMapEntry(key: key, value: value))
  }

  /// Brings appended entries in order; of entries with one key the last stays.
  ///
  /// Once at the end of a message, because putting each where it belongs is quadratic.
  @inlinable
  public mutating func order() {
    if !isOrdered { sort() }
  }

  @usableFromInline
  mutating func sort() {
    // Swift's sort is stable, which is what "the last one wins" rests on.
    entries.sort { Key.precedes($0.key, $1.key) }
    var kept: [WireMapEntry<Key, Value>] = []
    kept.reserveCapacity(entries.count)
    for entry in entries {
      if let last = kept.last, !Key.precedes(last.key, entry.key) { kept.removeLast() }
      kept.append(entry)
    }
    entries = kept
    isOrdered = true
  }

  private func lowerBound(_ key: Key) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if Key.precedes(entries[middle].key, key) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func holds(_ key: Key, at index: Int) -> Bool {
    index < entries.count && !Key.precedes(key, entries[index].key)
  }
}

/// A key and its value.
public struct WireMapEntry<Key: WireMapKey, Value: Hashable & Sendable>: Sendable {
  /// The entry's key.
  public var key: Key

  /// The key's value.
  public var value: Value

  /// Creates an entry.
  @inlinable
  public init(key: Key, value: Value) {
    self.key = key
    self.value = value
  }
}

extension WireMap: Sequence {
  /// Returns an iterator over the entries, ascending by key.
  public func makeIterator() -> IndexingIterator<[WireMapEntry<Key, Value>]> {
    entries.makeIterator()
  }
}

extension WireMap: ExpressibleByDictionaryLiteral {
  /// Creates a map; of entries with one key the last stays.
  public init(dictionaryLiteral elements: (Key, Value)...) {
    for (key, value) in elements { append(key, value) }
    order()
  }
}

extension WireMap: Hashable {
  /// Compares keys as the wire does and values by their own equality.
  public static func == (left: Self, right: Self) -> Bool {
    left.entries.elementsEqual(right.entries) {
      !Key.precedes($0.key, $1.key) && !Key.precedes($1.key, $0.key) && $0.value == $1.value
    }
  }

  /// Hashes the number of entries and their values; keys that differ may share a hash.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(entries.count)
    for entry in entries { hasher.combine(entry.value) }
  }
}

/// What can be a map's key: strings, whole numbers and Booleans.
public protocol WireMapKey: Hashable, Sendable {
  /// Whether one key stands before another: numbers by value, strings by their UTF-8 bytes.
  static func precedes(_ left: Self, _ right: Self) -> Bool
}

extension String: WireMapKey {
  /// Compares UTF-8 bytes; Swift's own `<` compares canonical forms.
  @inlinable
  public static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

extension Int32: WireMapKey {
  /// Compares by value.
  @inlinable
  public static func precedes(_ left: Self, _ right: Self) -> Bool { left < right }
}

extension Int64: WireMapKey {
  /// Compares by value.
  @inlinable
  public static func precedes(_ left: Self, _ right: Self) -> Bool { left < right }
}

extension UInt32: WireMapKey {
  /// Compares by value.
  @inlinable
  public static func precedes(_ left: Self, _ right: Self) -> Bool { left < right }
}

extension UInt64: WireMapKey {
  /// Compares by value.
  @inlinable
  public static func precedes(_ left: Self, _ right: Self) -> Bool { left < right }
}

extension Bool: WireMapKey {
  /// False stands before true.
  @inlinable
  public static func precedes(_ left: Bool, _ right: Bool) -> Bool { !left && right }
}
