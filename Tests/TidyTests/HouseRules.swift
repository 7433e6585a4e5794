import Foundation
import Testing

/// The house's rules that a compiler doesn't know; `Sources/ARCHITECTURE.md` says why they are.
@Suite struct HouseRules {
  @Test func topLevelIsFixed() throws {
    let known: Set<String> = [
      "Package.swift", "README.md", "LICENSE", "Schema", "Clients", "Sources", "Tests", ".ci",
      ".git",
      ".gitignore", ".swift-format", "Package.resolved",
    ]
    let found = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path)
    #expect(found.filter { !known.contains($0) && !$0.hasPrefix(".build") } == [])
  }

  /// The floors of `Sources`, the lowest first.
  private static let floors = ["System", "Protobuf", "RPC", "Customers", "Programs"]

  @Test func thereAreFiveFloors() throws {
    #expect(try SourceTree.folders(in: "Sources").sorted() == Self.floors.sorted())
  }

  @Test func floorsStandOnThoseBelow() throws {
    var floorOfRoom: [String: Int] = [:]
    for (height, floor) in Self.floors.enumerated() {
      for room in try SourceTree.folders(in: "Sources/\(floor)") { floorOfRoom[room] = height }
    }
    let hanging = try SourceTree.files(under: "Sources").filter { file in
      let height = try #require(floorOfRoom[file.room], "\(file.path) is in no room")
      return file.imports.contains { floorOfRoom[$0] ?? 0 > height }
    }
    #expect(hanging.map(\.path) == [])
  }

  @Test(arguments: [
    // A module, and the rooms that may import it.
    ("CSQLite", ["SQLite"]),
    ("SQLite", ["CustomerStore"]),
    ("CustomerStore", ["CustomerService", "customerd", "customerbench"]),
    ("CustomerService", ["customerd"]),
    ("TTRPCServer", ["customerd"]),
    ("TTRPCClient", ["CustomerClient", "customerbench"]),
    ("SchemaCompiler", ["schemac"]),
    ("ProtoJSON", ["CustomerFormats", "customerctl"]),
    ("Dispatch", ["DispatchSockets", "CustomerStore", "customerctl"]),
    ("CustomerClient", ["CustomerConsole", "customerctl"]),
    ("CustomerFormats", ["CustomerConsole", "customerctl"]),
    ("Terminal", ["CustomerConsole", "customerctl"]),
    ("CustomerConsole", ["customerctl"]),
  ])
  func arrowsPointDown(module: String, importers: [String]) throws {
    let strangers = try SourceTree.files(under: "Sources", "Clients").filter { file in
      file.imports.contains(module) && !importers.contains(file.room)
    }
    #expect(strangers.map(\.path) == [])
  }

  @Test func oneFileOfTheClientKnowsItsSocket() throws {
    let files = try SourceTree.files(under: "Clients/CustomerClient").filter { file in
      file.imports.contains("TTRPCClient") || file.imports.contains("DispatchSockets")
    }
    #expect(files.map(\.path) == ["Clients/CustomerClient/CustomerClient+Socket.swift"])
  }

  @Test func theProtocolKnowsNoCustomer() throws {
    let rooms = [
      "TTRPC", "TTRPCServer", "TTRPCClient", "DispatchSockets", "ProtoWire", "ProtoJSON",
    ]
    let files = try SourceTree.files(under: "Sources").filter { rooms.contains($0.room) }
    #expect(files.filter { $0.imports.contains { $0.hasPrefix("Customer") } }.map(\.path) == [])
  }

  @Test func theTerminalKnowsNoCustomer() throws {
    let files = try SourceTree.files(under: "Clients/CommandLine/Terminal")
    #expect(!files.isEmpty)
    let knowing = files.filter { file in
      file.imports.contains { $0.hasPrefix("Customer") || $0.hasPrefix("Proto") }
    }
    #expect(knowing.map(\.path) == [])
  }

  @Test func theCommandLineTouchesTheSystemInOneFolder() throws {
    let system: Set<String> = ["Glibc", "Musl", "Darwin", "Dispatch"]
    let files = try SourceTree.files(under: "Clients/CommandLine").filter { file in
      !system.isDisjoint(with: file.imports) && !file.path.hasSuffix("/customerctl/main.swift")
    }
    #expect(!files.isEmpty)
    let strangers = files.filter { !$0.path.contains("/customerctl/System/") }
    #expect(strangers.map(\.path) == [])
  }

  @Test func noProgramLinksFoundation() throws {
    let files = try SourceTree.files(under: "Sources", "Clients")
    #expect(files.filter { $0.imports.contains("Foundation") }.map(\.path) == [])
  }

  @Test func publicStandsWhereOthersLink() throws {
    let rooms = ["CustomerClient", "CustomerModel", "ProtoWire", "WellKnownTypes"]
    let files = try SourceTree.files(under: "Sources", "Clients").filter { file in
      !rooms.contains(file.room)
        && file.lines.contains { line in
          let words = line.split(separator: " ")
          return words.first == "public" && words.dropFirst().first != "import"
        }
    }
    #expect(files.map(\.path) == [])
  }

  @Test func callsOfSQLiteStandInItsRoom() throws {
    let files = try SourceTree.files(under: "Sources", "Clients").filter { file in
      file.room != "SQLite" && file.lines.contains { $0.contains("sqlite3_") }
    }
    #expect(files.map(\.path) == [])
  }

  @Test func statementsStandInTheStore() throws {
    let words = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "PRAGMA "]
    let files = try SourceTree.files(under: "Sources", "Clients").filter { file in
      !["CustomerStore", "SQLite"].contains(file.room)
        && file.lines.contains { line in words.contains { line.contains($0) } }
    }
    #expect(files.map(\.path) == [])
  }

  @Test func filesFitASitting() throws {
    let files = try SourceTree.files(under: "Sources", "Clients", "Tests").filter { file in
      !file.isGenerated && file.lines.count > 501
    }
    #expect(files.map { "\($0.path) \($0.lines.count)" } == [])
  }

  @Test func functionsFitAScreen() throws {
    let long = try SourceTree.files(under: "Sources", "Clients", "Tests").filter { !$0.isGenerated }
      .flatMap { file in
        file.functions.filter { $0.lineCount > 70 }
          .map { "\(file.path):\($0.line) \($0.lineCount) lines" }
      }
    #expect(long == [])
  }

  @Test func aPublicTypeHasItsFile() throws {
    // The codings of one idea, a line or two each, stand together.
    let together = ["ProtoWire"]
    let files = try SourceTree.files(under: "Sources", "Clients").filter { file in
      !file.isGenerated && !together.contains(file.room)
        && file.lines.count {
          $0.contains(#/^public (final |indirect )?(struct|class|enum|actor|protocol) /#)
        }
          > 1
    }
    #expect(files.map(\.path) == [])
  }

  @Test func unsafeMemoryStandsInItsRooms() throws {
    let rooms = [
      "ProtoWire", "TTRPC", "TTRPCServer", "DispatchSockets", "SQLite", "Locks", "Arguments",
      "Host", "customerctl",
    ]
    let files = try SourceTree.files(under: "Sources", "Clients").filter { file in
      !rooms.contains(file.room)
        && file.lines.contains { line in
          line.contains(#/^[^/]*\bunsafe /#) || line.contains("nonisolated(unsafe)")
        }
    }
    #expect(files.map(\.path) == [])
  }

  @Test func generatedFilesSayFromWhat() throws {
    let files = try SourceTree.files(under: "Sources", "Clients").filter { file in
      file.isGenerated && !file.lines[0].hasPrefix("// Generated by schemac from ")
    }
    #expect(files.map(\.path) == [])
  }

  @Test func nothingIsLeftForLater() throws {
    let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "try" + "!", "fatal" + "Error("]
    let files = try SourceTree.files(under: "Sources", "Clients", "Tests").filter { file in
      file.lines.contains { line in words.contains { line.contains($0) } }
    }
    #expect(files.map(\.path) == [])
  }

  @Test func unsafeConcurrencyStandsInTwoRooms() throws {
    let files = try SourceTree.files(under: "Sources", "Clients").filter { file in
      !["SQLite", "DispatchSockets", "Locks"].contains(file.room)
        && file.lines.contains { $0.contains("@unchecked Sendable") }
    }
    #expect(files.map(\.path) == [])
  }

  @Test func everyModuleHasItsTests() throws {
    let folders = Self.floors.map { "Sources/\($0)" } + ["Clients", "Clients/CommandLine"]
    let rooms = try folders.flatMap { try SourceTree.folders(in: $0) }
    let tested = Set(try SourceTree.folders(in: "Tests"))
    let exempt = ["CSQLite", "CommandLine", "customerbench", "schemac", "python"]
    #expect(rooms.filter { !exempt.contains($0) && !tested.contains("\($0)Tests") } == [])
  }
}
