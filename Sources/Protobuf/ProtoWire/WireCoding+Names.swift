// How generated code names the codings: `.string`, `.message()`.

extension WireCoding where Self == DoubleCoding {
  /// The schema's `double`.
  @inlinable public static var double: Self { Self() }
}

extension WireCoding where Self == FloatCoding {
  /// The schema's `float`.
  @inlinable public static var float: Self { Self() }
}

extension WireCoding where Self == Int32Coding {
  /// The schema's `int32`.
  @inlinable public static var int32: Self { Self() }
}

extension WireCoding where Self == Int64Coding {
  /// The schema's `int64`.
  @inlinable public static var int64: Self { Self() }
}

extension WireCoding where Self == UInt32Coding {
  /// The schema's `uint32`.
  @inlinable public static var uint32: Self { Self() }
}

extension WireCoding where Self == UInt64Coding {
  /// The schema's `uint64`.
  @inlinable public static var uint64: Self { Self() }
}

extension WireCoding where Self == SInt32Coding {
  /// The schema's `sint32`.
  @inlinable public static var sint32: Self { Self() }
}

extension WireCoding where Self == SInt64Coding {
  /// The schema's `sint64`.
  @inlinable public static var sint64: Self { Self() }
}

extension WireCoding where Self == UFixed32Coding {
  /// The schema's `fixed32`.
  @inlinable public static var fixed32: Self { Self() }
}

extension WireCoding where Self == UFixed64Coding {
  /// The schema's `fixed64`.
  @inlinable public static var fixed64: Self { Self() }
}

extension WireCoding where Self == SFixed32Coding {
  /// The schema's `sfixed32`.
  @inlinable public static var sfixed32: Self { Self() }
}

extension WireCoding where Self == SFixed64Coding {
  /// The schema's `sfixed64`.
  @inlinable public static var sfixed64: Self { Self() }
}

extension WireCoding where Self == BoolCoding {
  /// The schema's `bool`.
  @inlinable public static var bool: Self { Self() }
}

extension WireCoding where Self == StringCoding {
  /// The schema's `string`.
  @inlinable public static var string: Self { Self() }
}

extension WireCoding where Self == BytesCoding {
  /// The schema's `bytes`.
  @inlinable public static var bytes: Self { Self() }
}

extension WireCoding {
  /// An enumeration.
  @inlinable
  public static func enumeration<E: WireEnum>() -> Self where Self == EnumCoding<E> { Self() }

  /// A message.
  @inlinable
  public static func message<M: WireMessage>() -> Self where Self == MessageCoding<M> { Self() }

  /// A message that may contain itself.
  @inlinable
  public static func indirect<M: WireMessage>() -> Self where Self == IndirectCoding<M> { Self() }
}
