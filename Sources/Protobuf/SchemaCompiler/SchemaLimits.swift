/// How large a schema may be; each limit is checked where the input arrives.
package enum SchemaLimits {
  /// The size of one file, in bytes: 1 MiB, some twenty times the largest schema in common use.
  package static let fileSizeMax = 1 << 20

  /// How many messages may stand inside each other; as many as protoc takes.
  ///
  /// It bounds the stack of everything that walks the tree.
  package static let nestingDepthMax = 31

  /// How many files may import each other in a row; it bounds the stack that reading them takes.
  package static let importDepthMax = 100

  /// How many files one run may read, imports included.
  package static let filesMax = 1_000
}
