import Foundation
import TestSupport
import Testing

@testable import DispatchSockets

@Suite struct SocketPathTests {
  private func usual(_ variables: [String: String]) -> String {
    SocketPath.usual(name: "customers", variable: "CUSTOMERS_SOCKET") { variables[$0] }
  }

  @Test func variableComesFirst() {
    #expect(usual(["CUSTOMERS_SOCKET": "/a/b", "XDG_RUNTIME_DIR": "/run/user/1"]) == "/a/b")
  }

  @Test func runtimeFolderComesSecondIfItIsAbsolute() {
    #expect(usual(["XDG_RUNTIME_DIR": "/run/user/1"]) == "/run/user/1/customers.sock")
    #expect(!usual(["XDG_RUNTIME_DIR": "run"]).hasPrefix("run"))
  }

  @Test func folderOfTheUserComesLast() {
    #expect(usual([:]) == "/tmp/customers-\(geteuid())/customers.sock")
    #expect(usual(["TMPDIR": "/var/x/"]) == "/var/x/customers-\(geteuid())/customers.sock")
  }

  @Test func folderIsMadeForTheUserAlone() throws {
    let temporary = try TemporaryFolder()
    let path = usual(["TMPDIR": temporary.path])
    try SocketPath.prepareFolder(of: path)
    try SocketPath.prepareFolder(of: path)
    let folder = (path as NSString).deletingLastPathComponent
    let attributes = try FileManager.default.attributesOfItem(atPath: folder)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }

  @Test func folderThatOthersCanWriteToIsRefused() throws {
    let temporary = try TemporaryFolder()
    let path = usual(["TMPDIR": temporary.path])
    let folder = (path as NSString).deletingLastPathComponent
    try SocketPath.checkFolder(of: path)
    try SocketPath.prepareFolder(of: path)
    #expect(chmod(folder, 0o777) == 0)
    let error = #expect(throws: SocketError.self) { try SocketPath.checkFolder(of: path) }
    #expect(error.map { "\($0)" } == "\(folder) is no folder that only this user can write to")
    #expect(throws: SocketError.self) { try SocketPath.prepareFolder(of: path) }
  }

  @Test func linkInPlaceOfTheFolderIsRefused() throws {
    let temporary = try TemporaryFolder()
    let path = usual(["TMPDIR": temporary.path])
    try FileManager.default.createSymbolicLink(
      atPath: (path as NSString).deletingLastPathComponent,
      withDestinationPath: temporary.path
    )
    #expect(throws: SocketError.self) { try SocketPath.checkFolder(of: path) }
  }

  @Test func foldersOfTheUsersChoiceAreHisOwnBusiness() throws {
    let temporary = try TemporaryFolder()
    #expect(chmod(temporary.path, 0o777) == 0)
    try SocketPath.prepareFolder(of: temporary.file("s"))
    try SocketPath.checkFolder(of: temporary.file("s"))
  }
}
