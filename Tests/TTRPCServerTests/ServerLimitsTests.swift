import TTRPCServer
import Testing

@Suite struct ServerLimitsTests {
  /// The numbers that `Schema/PROTOCOL.md`, "Limits", tells.
  @Test func defaultsAreThoseOfTheProtocolsPage() {
    let limits = ServerLimits()
    #expect(limits.callCountPerConnectionMax == 1024 && limits.callCountMax == 8192)
    #expect(limits.connectionCountMax == 1024 && limits.connectionCountPerUserMax == 512)
    #expect(limits.queuedOutputBytesMax == 1 << 20)
    #expect(limits.firstByteTimeout == .seconds(30) && limits.idleTimeout == .seconds(3600))
    #expect(limits.blockedStreamTimeout == .seconds(10))
    #expect(limits.unaryTimeoutMax == .seconds(3600))
  }
}
