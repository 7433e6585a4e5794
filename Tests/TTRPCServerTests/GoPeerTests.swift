import Dispatch
import DispatchSockets
import Foundation
import TTRPC
import TTRPCServer
import TestSupport
import Testing

/// containerd's own client for Go, where Debian's `golang-github-containerd-ttrpc-dev` is installed.
@Suite struct GoPeerTests {
  /// Where Debian puts the sources of Go's libraries.
  private static let goPath = "/usr/share/gocode"

  private static var isExpected: Bool {
    let library = FileManager.default.fileExists(
      atPath: goPath + "/src/github.com/containerd/ttrpc/client.go"
    )
    return environment("CI") != nil || library && ExternalTool.path(of: "go") != nil
  }

  @Test(.enabled(if: isExpected))
  func goClientGetsItsAnswers() async throws {
    let folder = try TemporaryFolder()
    let server = TestServer()
    await server.server.listen(try Listener(path: folder.file("s"), on: server.loop))
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "GoPeer/main.go").path
    let go = try Program(path: #require(ExternalTool.path(of: "go")))
    let variables = [
      "GO111MODULE": "off", "GOPATH": Self.goPath, "GOCACHE": folder.file("cache"),
      "HOME": folder.path,
    ]
    let socket = folder.file("s")
    // On a thread of its own: the tests' threads are few, and this one waits for a compiler.
    let result = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result { try go.run(["run", source, socket], environment: variables) }
        )
      }
    }
    #expect(
      result.text == """
        OK: now
        OK: later
        OK: 
        NotFound: no such
        Unimplemented: service 'test.v1.Test' has no method 'Missing'
        Unimplemented: service 'test.v2.Test' is not served here
        true
        1000

        """,
      "\(result.errors)"
    )
    try await server.eventually { server.service.notes.texts.contains("cancelled") }
  }
}
