internal import TTRPC

/// The methods of all services, found by the bytes of their names.
///
/// A request's names are compared where they stand: making two strings of them would cost more
/// than all the rest of its envelope.
struct MethodTable: Sendable {
  /// A method with its names.
  final class Entry: Sendable {
    /// `Service/Method`, as events name it.
    let fullName: String

    /// What answers it.
    let implementation: MethodImplementation

    /// Whether some room is kept for it.
    let hasRoomKept: Bool

    fileprivate let service: [UInt8]
    fileprivate let method: [UInt8]

    fileprivate init(
      _ definition: ServiceDefinition,
      _ method: String,
      _ implementation: MethodImplementation
    ) {
      let service = definition.name
      fullName = "\(service)/\(method)"
      self.service = Array(service.utf8)
      self.method = Array(method.utf8)
      hasRoomKept = definition.methodsWithRoom.contains(method)
      self.implementation = implementation
    }
  }

  private let entries: [Entry]

  /// Indices of `entries`, or -1; at least every second place is free, so a search ends soon.
  private let slots: [Int]

  /// Creates a table; a service's name stands in it once.
  init(_ services: [ServiceDefinition]) {
    precondition(Set(services.map(\.name)).count == services.count, "service defined twice")
    entries = services.flatMap { service in
      service.methods.map { Entry(service, $0.key, $0.value) }
    }
    var capacity = 16
    while capacity < 2 * entries.count { capacity *= 2 }
    var slots = [Int](repeating: -1, count: capacity)
    for (index, entry) in entries.enumerated() {
      let service = entry.service
      let method = entry.method
      var slot = Self.hash(service.span, method.span) & (capacity - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (capacity - 1) }
      slots[slot] = index
    }
    self.slots = slots
  }

  /// Returns the method of a service, or `nil` if there is none.
  func find(service: Span<UInt8>, method: Span<UInt8>) -> Entry? {
    var slot = Self.hash(service, method) & (slots.count - 1)
    while slots[slot] >= 0 {
      let entry = entries[slots[slot]]
      if Self.equal(entry.method, method), Self.equal(entry.service, service) { return entry }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Why a request's names are none of these.
  func error(service: Span<UInt8>, method: Span<UInt8>) -> RPCError {
    guard let service = Self.text(service), let method = Self.text(method) else {
      let text = "envelope is no ttrpc.Request: name is not UTF-8"
      return RPCError(.invalidArgument, text, outcome: .neverBegun)
    }
    guard entries.contains(where: { $0.service.elementsEqual(service.utf8) }) else {
      let text = "service '\(service)' is not served here"
      return RPCError(.unimplemented, text, outcome: .neverBegun)
    }
    let text = "service '\(service)' has no method '\(method)'"
    return RPCError(.unimplemented, text, outcome: .neverBegun)
  }

  /// The longest part of an unknown name that an error repeats, in Unicode scalars.
  private static let repeatedNameMax = 200

  private static func text(_ bytes: Span<UInt8>) -> String? {
    guard let utf8 = try? UTF8Span(validating: bytes) else { return nil }
    let text = String(copying: utf8)
    return String(text.unicodeScalars.prefix(repeatedNameMax))
  }

  /// FNV-1a over both names, with a byte between that no name has.
  private static func hash(_ service: Span<UInt8>, _ method: Span<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in service.indices { hash = (hash ^ UInt64(service[index])) &* 0x100_0000_01B3 }
    hash = (hash ^ 0xFF) &* 0x100_0000_01B3
    for index in method.indices { hash = (hash ^ UInt64(method[index])) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 32) & .max
  }

  private static func equal(_ array: [UInt8], _ bytes: Span<UInt8>) -> Bool {
    guard array.count == bytes.count else { return false }
    for index in bytes.indices where array[index] != bytes[index] { return false }
    return true
  }
}
