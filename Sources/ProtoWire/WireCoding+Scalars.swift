// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// WireCoding says what its requirements are; each coding here only meets them.

// The schema's scalar types, in the order of the proto3 language guide's table of scalar values.

/// `int32`: a varint; a negative number takes ten bytes.
public struct Int32Coding: WireCoding {
  @inlinable public static var wireType: WireType { .varint }

  @inlinable public static var defaultValue: Int32 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: Int32) -> Int {
    WireVarint.size(UInt64(bitPattern: Int64(value)))
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Int32 {
    Int32(truncatingIfNeeded: try reader.varint())
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Int32, to writer: inout WireWriter) {
    writer.varint(UInt64(bitPattern: Int64(value)))
  }

  @inlinable init() {}
}

extension WireCoding where Self == Int32Coding {
  @inlinable public static var int32: Self { Self() }
}

/// `int64`: a varint; a negative number takes ten bytes.
public struct Int64Coding: WireCoding {
  @inlinable public static var wireType: WireType { .varint }

  @inlinable public static var defaultValue: Int64 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: Int64) -> Int {
    WireVarint.size(UInt64(bitPattern: value))
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Int64 {
    Int64(bitPattern: try reader.varint())
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Int64, to writer: inout WireWriter) {
    writer.varint(UInt64(bitPattern: value))
  }

  @inlinable init() {}
}

extension WireCoding where Self == Int64Coding {
  @inlinable public static var int64: Self { Self() }
}

/// `uint32`: a varint.
public struct UInt32Coding: WireCoding {
  @inlinable public static var wireType: WireType { .varint }

  @inlinable public static var defaultValue: UInt32 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: UInt32) -> Int {
    WireVarint.size(UInt64(value))
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> UInt32 {
    UInt32(truncatingIfNeeded: try reader.varint())
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: UInt32, to writer: inout WireWriter) {
    writer.varint(UInt64(value))
  }

  @inlinable init() {}
}

extension WireCoding where Self == UInt32Coding {
  @inlinable public static var uint32: Self { Self() }
}

/// `uint64`: a varint.
public struct UInt64Coding: WireCoding {
  @inlinable public static var wireType: WireType { .varint }

  @inlinable public static var defaultValue: UInt64 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: UInt64) -> Int {
    WireVarint.size(value)
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> UInt64 {
    try reader.varint()
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: UInt64, to writer: inout WireWriter) {
    writer.varint(value)
  }

  @inlinable init() {}
}

extension WireCoding where Self == UInt64Coding {
  @inlinable public static var uint64: Self { Self() }
}

/// `sint32`: a zigzag varint.
public struct SInt32Coding: WireCoding {
  @inlinable public static var wireType: WireType { .varint }

  @inlinable public static var defaultValue: Int32 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: Int32) -> Int {
    WireVarint.size(UInt64(UInt32(truncatingIfNeeded: WireVarint.zigZag(Int64(value)))))
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Int32 {
    Int32(truncatingIfNeeded: WireVarint.unZigZag(try reader.varint() & 0xFFFF_FFFF))
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Int32, to writer: inout WireWriter) {
    writer.varint(WireVarint.zigZag(Int64(value)))
  }

  @inlinable init() {}
}

extension WireCoding where Self == SInt32Coding {
  @inlinable public static var sint32: Self { Self() }
}

/// `sint64`: a zigzag varint.
public struct SInt64Coding: WireCoding {
  @inlinable public static var wireType: WireType { .varint }

  @inlinable public static var defaultValue: Int64 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: Int64) -> Int {
    WireVarint.size(WireVarint.zigZag(value))
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Int64 {
    WireVarint.unZigZag(try reader.varint())
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Int64, to writer: inout WireWriter) {
    writer.varint(WireVarint.zigZag(value))
  }

  @inlinable init() {}
}

extension WireCoding where Self == SInt64Coding {
  @inlinable public static var sint64: Self { Self() }
}

/// `fixed32`: four bytes.
public struct Fixed32Coding: WireCoding {
  @inlinable public static var wireType: WireType { .fixed32 }

  @inlinable public static var defaultValue: UInt32 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: UInt32) -> Int {
    4
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> UInt32 {
    try reader.fixed32()
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: UInt32, to writer: inout WireWriter) {
    writer.fixed32(value)
  }

  @inlinable init() {}
}

extension WireCoding where Self == Fixed32Coding {
  @inlinable public static var fixed32: Self { Self() }
}

/// `fixed64`: eight bytes.
public struct Fixed64Coding: WireCoding {
  @inlinable public static var wireType: WireType { .fixed64 }

  @inlinable public static var defaultValue: UInt64 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: UInt64) -> Int {
    8
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> UInt64 {
    try reader.fixed64()
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: UInt64, to writer: inout WireWriter) {
    writer.fixed64(value)
  }

  @inlinable init() {}
}

extension WireCoding where Self == Fixed64Coding {
  @inlinable public static var fixed64: Self { Self() }
}

/// `sfixed32`: four bytes.
public struct SFixed32Coding: WireCoding {
  @inlinable public static var wireType: WireType { .fixed32 }

  @inlinable public static var defaultValue: Int32 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: Int32) -> Int {
    4
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Int32 {
    Int32(bitPattern: try reader.fixed32())
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Int32, to writer: inout WireWriter) {
    writer.fixed32(UInt32(bitPattern: value))
  }

  @inlinable init() {}
}

extension WireCoding where Self == SFixed32Coding {
  @inlinable public static var sfixed32: Self { Self() }
}

/// `sfixed64`: eight bytes.
public struct SFixed64Coding: WireCoding {
  @inlinable public static var wireType: WireType { .fixed64 }

  @inlinable public static var defaultValue: Int64 { 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: Int64) -> Int {
    8
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Int64 {
    Int64(bitPattern: try reader.fixed64())
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Int64, to writer: inout WireWriter) {
    writer.fixed64(UInt64(bitPattern: value))
  }

  @inlinable init() {}
}

extension WireCoding where Self == SFixed64Coding {
  @inlinable public static var sfixed64: Self { Self() }
}

/// `float`: four bytes, IEEE 754.
public struct FloatCoding: WireCoding {
  @inlinable public static var wireType: WireType { .fixed32 }

  @inlinable public static var defaultValue: Float { 0 }

  /// Minus zero is not the default: only all bits zero is left out.
  @inlinable
  public static func isDefault(_ value: Float) -> Bool { value.bitPattern == 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: Float) -> Int {
    4
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Float {
    Float(bitPattern: try reader.fixed32())
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Float, to writer: inout WireWriter) {
    writer.fixed32(value.bitPattern)
  }

  @inlinable init() {}
}

extension WireCoding where Self == FloatCoding {
  @inlinable public static var float: Self { Self() }
}

/// `double`: eight bytes, IEEE 754.
public struct DoubleCoding: WireCoding {
  @inlinable public static var wireType: WireType { .fixed64 }

  @inlinable public static var defaultValue: Double { 0 }

  /// Minus zero is not the default: only all bits zero is left out.
  @inlinable
  public static func isDefault(_ value: Double) -> Bool { value.bitPattern == 0 }

  @inlinable
  @inline(__always)
  public static func size(_ value: Double) -> Int {
    8
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Double {
    Double(bitPattern: try reader.fixed64())
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Double, to writer: inout WireWriter) {
    writer.fixed64(value.bitPattern)
  }

  @inlinable init() {}
}

extension WireCoding where Self == DoubleCoding {
  @inlinable public static var double: Self { Self() }
}

/// `bool`: a varint, 0 or 1.
public struct BoolCoding: WireCoding {
  @inlinable public static var wireType: WireType { .varint }

  @inlinable public static var defaultValue: Bool { false }

  @inlinable
  @inline(__always)
  public static func size(_ value: Bool) -> Int {
    1
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> Bool {
    try reader.varint() != 0
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: Bool, to writer: inout WireWriter) {
    writer.varint(value ? 1 : 0)
  }

  @inlinable init() {}
}

extension WireCoding where Self == BoolCoding {
  @inlinable public static var bool: Self { Self() }
}

/// `string`: a length and UTF-8.
public struct StringCoding: WireCoding {
  @inlinable public static var wireType: WireType { .lengthDelimited }

  @inlinable public static var defaultValue: String { "" }

  @inlinable
  @inline(__always)
  public static func isDefault(_ value: String) -> Bool { value.utf8.isEmpty }

  @inlinable
  @inline(__always)
  public static func size(_ value: String) -> Int {
    WireVarint.sizeWithLength(value.utf8.count)
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> String {
    try reader.string()
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: String, to writer: inout WireWriter) {
    writer.string(value)
  }

  @inlinable init() {}
}

extension WireCoding where Self == StringCoding {
  @inlinable public static var string: Self { Self() }
}

/// `bytes`: a length and bytes.
public struct BytesCoding: WireCoding {
  @inlinable public static var wireType: WireType { .lengthDelimited }

  @inlinable public static var defaultValue: [UInt8] { [] }

  @inlinable
  @inline(__always)
  public static func isDefault(_ value: [UInt8]) -> Bool { value.isEmpty }

  @inlinable
  @inline(__always)
  public static func size(_ value: [UInt8]) -> Int {
    WireVarint.sizeWithLength(value.count)
  }

  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> [UInt8] {
    try reader.byteArray()
  }

  @inlinable
  @inline(__always)
  public static func write(_ value: [UInt8], to writer: inout WireWriter) {
    writer.bytes(value)
  }

  @inlinable init() {}
}

extension WireCoding where Self == BytesCoding {
  @inlinable public static var bytes: Self { Self() }
}
