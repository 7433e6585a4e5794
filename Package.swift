// swift-tools-version:6.2
import PackageDescription

/// The settings of every module: the concurrency rules the server relies on, and no warnings.
let everywhere: [SwiftSetting] = [
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

/// A room that needs no unsafe memory: the compiler refuses it there.
let safe = everywhere + [.strictMemorySafety()]

/// A folder of `Sources/`: what is on one stands on those that are declared before it.
enum Floor: String {
  case system = "System"
  case protobuf = "Protobuf"
  case rpc = "RPC"
  case customers = "Customers"
  case programs = "Programs"

  /// Where a module on this floor is.
  func path(_ name: String) -> String { "Sources/\(rawValue)/\(name)" }
}

/// A library in `Sources/`.
func room(
  _ name: String,
  on floor: Floor,
  _ dependencies: [Target.Dependency] = [],
  _ settings: [SwiftSetting] = safe
) -> Target {
  .target(
    name: name,
    dependencies: dependencies,
    path: floor.path(name),
    swiftSettings: settings
  )
}

/// A room of the command line, in `Clients/CommandLine/`.
func commandLineRoom(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name,
    dependencies: dependencies,
    path: "Clients/CommandLine/\(name)",
    swiftSettings: safe
  )
}

/// A program in `Sources/`.
func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name,
    dependencies: dependencies,
    path: Floor.programs.path(name),
    swiftSettings: everywhere
  )
}

/// The tests of a module, in `Tests/`.
func tests(
  _ name: String,
  _ dependencies: [Target.Dependency] = [],
  exclude: [String] = [],
  resources: [Resource]? = nil
) -> Target {
  .testTarget(
    name: name + "Tests",
    dependencies: [.target(name: name), "TestSupport"] + dependencies,
    exclude: exclude,
    resources: resources,
    swiftSettings: everywhere
  )
}

let package = Package(
  name: "customers",
  products: [
    .library(name: "CustomerClient", targets: ["CustomerClient"]),
    .executable(name: "customerd", targets: ["customerd"]),
    .executable(name: "customerctl", targets: ["customerctl"]),
    .executable(name: "customerbench", targets: ["customerbench"]),
    .executable(name: "schemac", targets: ["schemac"]),
  ],
  targets: [
    // System
    room("Host", on: .system),
    room("Arguments", on: .system, ["Host"]),
    room("Locks", on: .system, [], everywhere),
    room("DispatchSockets", on: .system, ["Host", "Locks"], everywhere),
    .systemLibrary(name: "CSQLite", path: Floor.system.path("CSQLite")),
    room("SQLite", on: .system, ["CSQLite", "Locks"], everywhere),

    // Protobuf
    room("ProtoWire", on: .protobuf, [], everywhere + [.enableExperimentalFeature("Lifetimes")]),
    room("WellKnownTypes", on: .protobuf, ["ProtoWire"]),
    room("ProtoJSON", on: .protobuf, ["ProtoWire", "WellKnownTypes"]),
    room("SchemaCompiler", on: .protobuf),

    // RPC
    room("TTRPC", on: .rpc, ["ProtoWire", "WellKnownTypes"]),
    room("TTRPCServer", on: .rpc, ["TTRPC", "DispatchSockets", "Locks"]),
    room("TTRPCClient", on: .rpc, ["TTRPC", "ProtoWire", "DispatchSockets", "Locks"]),

    // Customers
    room("CustomerModel", on: .customers, ["ProtoWire", "WellKnownTypes"]),
    room("CustomerAPI", on: .customers, ["CustomerModel", "TTRPC", "ProtoWire", "WellKnownTypes"]),
    room(
      "CustomerStore",
      on: .customers,
      ["CustomerModel", "SQLite", "Locks", "ProtoWire", "WellKnownTypes"]
    ),
    room(
      "CustomerService",
      on: .customers,
      [
        "CustomerAPI", "CustomerModel", "CustomerStore", "Locks", "ProtoWire", "TTRPC",
        "WellKnownTypes",
      ]
    ),

    // The client library
    .target(
      name: "CustomerClient",
      dependencies: [
        "CustomerAPI", "CustomerModel", "DispatchSockets", "Host", "TTRPC", "TTRPCClient",
        "ProtoWire",
        "WellKnownTypes",
      ],
      path: "Clients/CustomerClient",
      swiftSettings: safe
    ),

    // Programs
    program("schemac", ["SchemaCompiler", "Arguments"]),
    program(
      "customerd",
      [
        "CustomerAPI", "CustomerService", "CustomerStore", "TTRPCServer", "TTRPC",
        "DispatchSockets", "Arguments",
        "Host",
        "Locks", "WellKnownTypes",
      ]
    ),
    program(
      "customerbench",
      [
        "Arguments", "CustomerAPI", "CustomerModel", "CustomerStore", "DispatchSockets",
        "ProtoWire",
        "TTRPC", "TTRPCClient",
      ]
    ),

    // The command line
    commandLineRoom("Terminal"),
    commandLineRoom(
      "CustomerFormats",
      ["Arguments", "CustomerModel", "ProtoJSON", "ProtoWire", "WellKnownTypes"]
    ),
    commandLineRoom(
      "CustomerConsole",
      [
        "CustomerClient", "CustomerFormats", "CustomerModel", "ProtoWire", "Terminal",
        "WellKnownTypes",
      ]
    ),
    .executableTarget(
      name: "customerctl",
      dependencies: [
        "Arguments", "CustomerAPI", "CustomerClient", "CustomerConsole", "CustomerFormats",
        "CustomerModel",
        "Host",
        "ProtoJSON", "ProtoWire", "Terminal", "WellKnownTypes",
      ],
      path: "Clients/CommandLine/customerctl",
      swiftSettings: everywhere
    ),

    // Tests
    .target(
      name: "TestSupport",
      path: "Tests/TestSupport",
      swiftSettings: everywhere
    ),
    .target(
      name: "CommandLineTestSupport",
      dependencies: [
        "CustomerFormats", "CustomerModel", "ProtoWire", "Terminal", "WellKnownTypes",
      ],
      path: "Tests/CommandLineTestSupport",
      swiftSettings: everywhere
    ),
    .target(
      name: "ServiceInMemory",
      dependencies: [
        "CustomerClient", "CustomerModel", "CustomerService", "CustomerStore", "Locks", "ProtoWire",
        "TTRPC", "TestSupport", "WellKnownTypes",
      ],
      path: "Tests/ServiceInMemory",
      swiftSettings: everywhere
    ),
    tests("ProtoWire", ["SchemaCompiler", "WellKnownTypes"], exclude: ["Schema"]),
    tests("WellKnownTypes"),
    tests(
      "ProtoJSON",
      ["CustomerModel", "ProtoWire", "WellKnownTypes"],
      exclude: ["Schema", "oracle.py"]
    ),
    tests("SchemaCompiler", ["schemac"], exclude: ["Golden"]),
    tests("Host"),
    tests("Arguments", exclude: ["Golden"]),
    tests("Locks"),
    tests("DispatchSockets", ["Locks"]),
    tests("SQLite"),
    tests("TTRPC", ["ProtoWire", "WellKnownTypes"]),
    tests(
      "TTRPCServer",
      ["TTRPC", "DispatchSockets", "Locks", "WellKnownTypes"],
      exclude: ["GoPeer"]
    ),
    tests(
      "TTRPCClient",
      ["TTRPC", "TTRPCServer", "ProtoWire", "DispatchSockets", "Locks", "WellKnownTypes"]
    ),
    tests("CustomerModel", ["ProtoJSON", "ProtoWire", "WellKnownTypes"]),
    tests(
      "CustomerAPI",
      ["CustomerModel", "ProtoWire", "ServiceInMemory", "TTRPC"],
      exclude: ["Schema"]
    ),
    tests(
      "CustomerStore",
      ["CustomerModel", "Locks", "ProtoWire", "SQLite", "WellKnownTypes"],
      exclude: ["Data"]
    ),
    tests(
      "CustomerService",
      [
        "CustomerAPI", "CustomerModel", "CustomerStore", "ProtoWire", "ServiceInMemory", "TTRPC",
        "WellKnownTypes",
      ]
    ),
    tests(
      "CustomerClient",
      [
        "CustomerAPI", "CustomerModel", "CustomerService", "CustomerStore", "DispatchSockets",
        "Locks",
        "ProtoWire", "ServiceInMemory", "TTRPC", "TTRPCClient", "TTRPCServer", "WellKnownTypes",
      ]
    ),
    tests("Terminal", ["CommandLineTestSupport"]),
    tests(
      "CustomerFormats",
      [
        "Arguments", "CommandLineTestSupport", "CustomerModel", "ProtoWire", "WellKnownTypes",
      ],
      exclude: ["Data"]
    ),
    tests(
      "CustomerConsole",
      [
        "CommandLineTestSupport", "CustomerClient", "CustomerFormats", "CustomerModel", "Locks",
        "ProtoWire", "ServiceInMemory", "TTRPC", "Terminal", "WellKnownTypes",
      ],
      exclude: ["Golden"]
    ),
    tests(
      "customerctl",
      [
        "Arguments", "CommandLineTestSupport", "CustomerClient", "CustomerFormats",
        "CustomerModel", "ProtoWire", "ServiceInMemory", "TTRPC", "Terminal", "WellKnownTypes",
      ],
      exclude: ["Golden", "Data"]
    ),
    tests("customerd", ["CustomerStore", "DispatchSockets", "TTRPC", "TTRPCServer"]),
    .testTarget(name: "TidyTests", swiftSettings: everywhere),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "CustomerClient", "TestSupport", "customerd", "customerctl", "customerbench", "schemac",
      ],
      resources: [.copy("Data")],
      swiftSettings: everywhere
    ),
  ],
  swiftLanguageModes: [.v6]
)
