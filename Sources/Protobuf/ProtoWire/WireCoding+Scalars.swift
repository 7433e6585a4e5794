// The schema's scalar types, in the order of the proto3 language guide's table of scalar values.

/// `double`: eight bytes, IEEE 754.
public struct DoubleCoding: Fixed64Coding {
  /// The Swift type of a value.
  public typealias Value = Double

  /// Minus zero is not the default: only all bits zero is left out.
  @inlinable
  public static func isDefault(_ value: Double) -> Bool { value.bitPattern == 0 }

  /// The number's bits.
  @inlinable
  public static func bits(of value: Double) -> UInt64 { value.bitPattern }

  /// The number of these bits.
  @inlinable
  public static func value(of bits: UInt64) -> Double { Double(bitPattern: bits) }

  @inlinable init() {}
}

/// `float`: four bytes, IEEE 754.
public struct FloatCoding: Fixed32Coding {
  /// The Swift type of a value.
  public typealias Value = Float

  /// Minus zero is not the default: only all bits zero is left out.
  @inlinable
  public static func isDefault(_ value: Float) -> Bool { value.bitPattern == 0 }

  /// The number's bits.
  @inlinable
  public static func bits(of value: Float) -> UInt32 { value.bitPattern }

  /// The number of these bits.
  @inlinable
  public static func value(of bits: UInt32) -> Float { Float(bitPattern: bits) }

  @inlinable init() {}
}

/// `int32`: a varint; a negative number takes ten bytes.
public struct Int32Coding: VarintCoding {
  /// The Swift type of a value.
  public typealias Value = Int32

  /// The number with its sign stretched to 64 bits.
  @inlinable
  public static func bits(of value: Int32) -> UInt64 { UInt64(bitPattern: Int64(value)) }

  /// The number of the low 32 bits.
  @inlinable
  public static func value(of bits: UInt64) -> Int32 { Int32(truncatingIfNeeded: bits) }

  @inlinable init() {}
}

/// `int64`: a varint; a negative number takes ten bytes.
public struct Int64Coding: VarintCoding {
  /// The Swift type of a value.
  public typealias Value = Int64

  /// The number's bits.
  @inlinable
  public static func bits(of value: Int64) -> UInt64 { UInt64(bitPattern: value) }

  /// The number of these bits.
  @inlinable
  public static func value(of bits: UInt64) -> Int64 { Int64(bitPattern: bits) }

  @inlinable init() {}
}

/// `uint32`: a varint.
public struct UInt32Coding: VarintCoding {
  /// The Swift type of a value.
  public typealias Value = UInt32

  /// The number.
  @inlinable
  public static func bits(of value: UInt32) -> UInt64 { UInt64(value) }

  /// The low 32 bits.
  @inlinable
  public static func value(of bits: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: bits) }

  @inlinable init() {}
}

/// `uint64`: a varint.
public struct UInt64Coding: VarintCoding {
  /// The Swift type of a value.
  public typealias Value = UInt64

  /// The number.
  @inlinable
  public static func bits(of value: UInt64) -> UInt64 { value }

  /// The number.
  @inlinable
  public static func value(of bits: UInt64) -> UInt64 { bits }

  @inlinable init() {}
}

/// `sint32`: a zigzag varint.
public struct SInt32Coding: VarintCoding {
  /// The Swift type of a value.
  public typealias Value = Int32

  /// The number in zigzag form.
  @inlinable
  public static func bits(of value: Int32) -> UInt64 { WireVarint.zigZag(Int64(value)) }

  /// The number of a zigzag form; only the low 32 bits count.
  @inlinable
  public static func value(of bits: UInt64) -> Int32 {
    Int32(truncatingIfNeeded: WireVarint.unZigZag(bits & 0xFFFF_FFFF))
  }

  @inlinable init() {}
}

/// `sint64`: a zigzag varint.
public struct SInt64Coding: VarintCoding {
  /// The Swift type of a value.
  public typealias Value = Int64

  /// The number in zigzag form.
  @inlinable
  public static func bits(of value: Int64) -> UInt64 { WireVarint.zigZag(value) }

  /// The number of a zigzag form.
  @inlinable
  public static func value(of bits: UInt64) -> Int64 { WireVarint.unZigZag(bits) }

  @inlinable init() {}
}

/// `fixed32`: four bytes.
public struct UFixed32Coding: Fixed32Coding {
  /// The Swift type of a value.
  public typealias Value = UInt32

  /// The number.
  @inlinable
  public static func bits(of value: UInt32) -> UInt32 { value }

  /// The number.
  @inlinable
  public static func value(of bits: UInt32) -> UInt32 { bits }

  @inlinable init() {}
}

/// `fixed64`: eight bytes.
public struct UFixed64Coding: Fixed64Coding {
  /// The Swift type of a value.
  public typealias Value = UInt64

  /// The number.
  @inlinable
  public static func bits(of value: UInt64) -> UInt64 { value }

  /// The number.
  @inlinable
  public static func value(of bits: UInt64) -> UInt64 { bits }

  @inlinable init() {}
}

/// `sfixed32`: four bytes.
public struct SFixed32Coding: Fixed32Coding {
  /// The Swift type of a value.
  public typealias Value = Int32

  /// The number's bits.
  @inlinable
  public static func bits(of value: Int32) -> UInt32 { UInt32(bitPattern: value) }

  /// The number of these bits.
  @inlinable
  public static func value(of bits: UInt32) -> Int32 { Int32(bitPattern: bits) }

  @inlinable init() {}
}

/// `sfixed64`: eight bytes.
public struct SFixed64Coding: Fixed64Coding {
  /// The Swift type of a value.
  public typealias Value = Int64

  /// The number's bits.
  @inlinable
  public static func bits(of value: Int64) -> UInt64 { UInt64(bitPattern: value) }

  /// The number of these bits.
  @inlinable
  public static func value(of bits: UInt64) -> Int64 { Int64(bitPattern: bits) }

  @inlinable init() {}
}

/// `bool`: a varint, 0 or 1.
public struct BoolCoding: VarintCoding {
  /// The Swift type of a value.
  public typealias Value = Bool

  /// 0 or 1.
  @inlinable
  public static func bits(of value: Bool) -> UInt64 { value ? 1 : 0 }

  /// Whether the number isn't 0.
  @inlinable
  public static func value(of bits: UInt64) -> Bool { bits != 0 }

  @inlinable init() {}
}

/// `string`: a length and UTF-8.
public struct StringCoding: WireCoding {
  /// A length comes first.
  @inlinable public static var wireType: WireType { .lengthDelimited }

  /// The empty string.
  @inlinable public static var defaultValue: String { "" }

  /// Whether the string is empty.
  @inlinable
  @inline(__always)
  public static func isDefault(_ value: String) -> Bool { value.utf8.isEmpty }

  /// The UTF-8 with its length.
  @inlinable
  @inline(__always)
  public static func size(_ value: String) -> Int {
    WireVarint.sizeWithLength(value.utf8.count)
  }

  /// Reads a length and UTF-8, and checks it.
  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> String {
    try reader.string()
  }

  /// Writes the length and the UTF-8.
  @inlinable
  @inline(__always)
  public static func write(_ value: String, to writer: inout WireWriter) {
    writer.string(value)
  }

  @inlinable init() {}
}

/// `bytes`: a length and bytes.
public struct BytesCoding: WireCoding {
  /// A length comes first.
  @inlinable public static var wireType: WireType { .lengthDelimited }

  /// No bytes.
  @inlinable public static var defaultValue: [UInt8] { [] }

  /// Whether there are no bytes.
  @inlinable
  @inline(__always)
  public static func isDefault(_ value: [UInt8]) -> Bool { value.isEmpty }

  /// The bytes with their length.
  @inlinable
  @inline(__always)
  public static func size(_ value: [UInt8]) -> Int {
    WireVarint.sizeWithLength(value.count)
  }

  /// Reads a length and so many bytes.
  @inlinable
  @inline(__always)
  public static func read(from reader: inout WireReader) throws(WireError) -> [UInt8] {
    try reader.byteArray()
  }

  /// Writes the length and the bytes.
  @inlinable
  @inline(__always)
  public static func write(_ value: [UInt8], to writer: inout WireWriter) {
    writer.bytes(value)
  }

  @inlinable init() {}
}
