import TTRPC
import Testing

@testable import TTRPCServer

@Suite struct ServerLimitsTests {
  /// The numbers that `Schema/PROTOCOL.md`, "Limits", tells.
  @Test func defaultsAreThoseOfTheProtocolsPage() {
    let limits = ServerLimits()
    #expect(limits.callCountPerConnectionMax == 1024 && limits.callCountMax == 8192)
    #expect(limits.connectionCountMax == 1024 && limits.connectionCountPerUserMax == 512)
    #expect(limits.callCountPerUserMax == 4096 && limits.keptCallCountMax == 16)
    #expect(limits.openCallCountPerConnectionMax == 2048)
    #expect(limits.openCallCountPerUserMax == 8192 && limits.openCallCountMax == 16_384)
    #expect(limits.queuedOutputBytesMax == 1 << 20 && limits.workBytesPerConnectionMax == 8 << 20)
    #expect(limits.memoryBytesPerUserMax == 272 << 20 && limits.memoryBytesMax == 544 << 20)
    #expect(ServerConnection.memoryBytesFree == 132 << 10)
    #expect(CallContext.answerBytesKept == 68 << 10)
    #expect(ServerConnection.inlineBytesMax == 4 << 10 && ServerConnection.decodedSizeFactor == 8)
    #expect(limits.frameTimeout == .seconds(30) && limits.unreadTimeout == .seconds(60))
    #expect(limits.scarceMemoryTimeout == .seconds(2))
    #expect(limits.lastAnswersTimeout == .seconds(5))
    #expect(limits.refusedConnectionTimeout == .seconds(1))
    #expect(limits.refusedConnectionCountMax == 64)
    #expect(limits.firstByteTimeout == .seconds(30) && limits.idleTimeout == .seconds(3600))
    #expect(limits.blockedStreamTimeout == .seconds(10))
    #expect(limits.unaryTimeoutMax == .seconds(3600))
  }
}
