import Arguments
import CustomerClient
import CustomerFormats
import CustomerModel
import ProtoJSON
import ProtoWire
import Terminal
import WellKnownTypes

/// Makes any call of the services.
enum Call {
  static let method = Positional(
    optional: "METHOD",
    .text,
    help: "the method, such as GetCustomer; without one all are listed"
  )
  static let request = Positional(
    optional: "JSON",
    .text,
    help: "the request; - reads standard input"
  )

  static let command = Command(
    "call",
    summary: "makes any call of the services, with JSON in and out",
    examples: [
      .init("customerctl call", "lists the methods"),
      .init(#"customerctl call GetCustomer '{"customerId": "ID", "version": "2"}'"#),
      .init("customerctl call StoreService/GetStatus"),
      .init(#"customerctl call WatchCustomers '{"fromStart": true, "stopAtEnd": true}'"#),
    ],
    discussion: """
      The JSON is the one of the method's request; without it the request is empty.
      A stream of answers is a line each. A method that takes a stream of requests
      reads a line each.
      """,
    positionals: [method, request]
  )
}

extension Session {
  /// The most bytes of requests, in JSON: 16 MiB.
  static let requestsBytesMax = 16 << 20

  /// `call [METHOD [JSON]]`.
  func call() async throws -> ExitStatus {
    let schema = ServiceSchema.shared
    guard let name = invocation[Call.method] else {
      try listMethods(schema.methods)
      return .success
    }
    let method = try schema.method(named: name)
    let requests = try encodedRequests(of: method, in: schema)
    let call = try await client.call(
      service: method.service,
      method: method.name,
      requests: requests,
      clientStreams: method.clientStreams,
      serverStreams: method.serverStreams
    )
    let json = try schema.codec(method.response)
    let isPretty = !method.serverStreams && format != .ndjson
    while let response = try await call.next() {
      let options = JSONWriteOptions(isPretty ? .pretty : .compact)
      let text = try json.json(of: response.span, options)
      try writeJSON(String(decoding: text, as: UTF8.self) + "\n")
      try streams.flush()
    }
    return .success
  }

  /// The requests that the command line or standard input gives; one, or a line each.
  private func encodedRequests(
    of method: MethodDescriptor,
    in schema: ServiceSchema
  ) throws -> [[UInt8]] {
    var text = Array((invocation[Call.request] ?? "").utf8)
    let isStandardInput = invocation[Call.request] == "-"
    if isStandardInput || (method.clientStreams && invocation[Call.request] == nil) {
      text = try streams.readAll(atMost: Self.requestsBytesMax)
    }
    let codec = try schema.codec(method.request)
    guard method.clientStreams else {
      return text.isEmpty ? [[]] : [try read(text, codec, JSONReadOptions())]
    }
    var lines = JSONLines()
    lines.append(text)
    lines.finish()
    var requests: [[UInt8]] = []
    while let line = lines.next() {
      guard !line.isTooLong else {
        throw Failure(
          "line \(line.line): over the limit of \(JSONElements.elementBytesMax) bytes",
          .invalidData
        )
      }
      let start = TextPosition(line: line.line, column: line.column)
      requests.append(try read(line.bytes, codec, JSONReadOptions(start: start)))
    }
    return requests
  }

  private func read(
    _ text: [UInt8],
    _ codec: WireJSON,
    _ options: JSONReadOptions
  ) throws(Failure) -> [UInt8] {
    do {
      return try codec.wire(ofJSON: text, options)
    } catch {
      throw Failure("\(error)", .invalidData)
    }
  }

  private static func object(_ row: [String]) -> JSONTree {
    var members = JSONTree.Members()
    for (name, value) in zip(["method", "request", "response"], row) {
      members[name] = .text(value)
    }
    return .object(members)
  }

  private func listMethods(_ methods: [MethodDescriptor]) throws {
    let rows = methods.map { method in
      [
        "\(method.service)/\(method.name)",
        (method.clientStreams ? "stream " : "") + ServiceSchema.shortName(method.request),
        (method.serverStreams ? "stream " : "") + ServiceSchema.shortName(method.response),
      ]
    }
    switch format {
    case .table: try printTable(["METHOD", "REQUEST", "RESPONSE"], rows)
    case .csv, .tsv: try printRows(["method", "request", "response"], rows)
    case .id, .vcard: for row in rows { try streams.write(row[0] + "\n") }
    case .json: try streams.write(JSONTree.array(rows.map(Self.object)).pretty + "\n")
    case .ndjson: for row in rows { try streams.write(Self.object(row).compact + "\n") }
    }
  }
}

/// The services as the schema that is built in describes them.
struct ServiceSchema {
  /// All methods.
  var methods: [MethodDescriptor] { pool.methods }

  private let pool: SchemaPool

  /// Read once, when it is first needed.
  static let shared = ServiceSchema()

  private init() {
    do {
      // The reasons of errors travel as messages of any type.
      pool = try SchemaPool([Customer.schema, BadRequest.schema])
    } catch {
      preconditionFailure("the schema built into this program is broken: \(error)")
    }
  }

  /// The JSON of a message.
  func codec(_ message: String) throws(SchemaError) -> WireJSON {
    try WireJSON(message, in: pool)
  }

  /// Finds a method: `GetCustomer`, `CustomerService/GetCustomer`, with the package or without.
  ///
  /// - Throws: If there is none, with the one that is probably meant.
  func method(named text: String) throws(Failure) -> MethodDescriptor {
    let parts = text.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    let found = methods.filter { method in
      guard parts.count <= 2, let name = parts.last, method.name == name else { return false }
      guard parts.count == 2 else { return true }
      return method.service == parts[0] || Self.shortName(method.service) == parts[0]
    }
    if let only = found.first, found.count == 1 { return only }
    let near = Words.nearest(to: parts.last ?? "", among: methods.map(\.name))
    throw Failure(
      "no method \(Words.escaped(text))" + Words.didYouMean(near)
        + "; 'customerctl call' lists all",
      .usage
    )
  }

  /// A name without its package.
  static func shortName(_ fullName: String) -> String {
    fullName.split(separator: ".").last.map(String.init) ?? fullName
  }
}
