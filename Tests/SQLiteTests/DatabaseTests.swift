import SQLite
import Testing

@Suite struct DatabaseTests {
  @Test func opensMemory() throws {
    let database = try Database(path: ":memory:", mode: .readWrite)
    #expect(try database.pragma("user_version") == 0)
  }
}
