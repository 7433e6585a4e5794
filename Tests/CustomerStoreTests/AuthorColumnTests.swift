import CustomerModel
import Testing

@testable import CustomerStore

@Suite struct AuthorColumnTests {
  @Test(arguments: [
    (
      Author(userID: 1000, groupID: 100, processID: 4242, program: "billing-sync"),
      "uid=1000 gid=100 pid=4242 billing-sync"
    ),
    (Author(userID: 0, groupID: 0, processID: 1), "uid=0 gid=0 pid=1"),
    (
      Author(userID: .max, groupID: .max, processID: .max, program: "a b  c "),
      "uid=4294967295 gid=4294967295 pid=2147483647 a b  c "
    ),
    // A program's name is whatever the program says, and never a number of the kernel's.
    (Author(userID: 5, groupID: 6, program: "pid=1 root"), "uid=5 gid=6 pid= pid=1 root"),
    (Author(program: "uid=0 gid=0"), "uid= gid= pid= uid=0 gid=0"),
    (Author(userID: 5, groupID: 6, processID: 7, program: " "), "uid=5 gid=6 pid=7  "),
  ])
  func isWrittenSoAndReadBack(_ author: Author, _ text: String) {
    #expect(AuthorColumn.text(author) == text)
    #expect(AuthorColumn.author(text) == author)
  }

  /// What stores of the first three versions hold, and what nobody wrote.
  @Test(arguments: [
    ("uid=0 pid=13737 customerctl", Author(userID: 0, processID: 13_737, program: "customerctl")),
    ("uid=1000 pid=7 pid=1 gid=5", Author(userID: 1000, processID: 7, program: "pid=1 gid=5")),
    ("uid=1000 pid=0", Author(userID: 1000)),
    ("customerbench seed", Author(program: "customerbench seed")),
    ("uid=4294967296 pid=1", Author(program: "uid=4294967296 pid=1")),
    ("uid=x", Author(program: "uid=x")),
    ("", nil),
    ("uid= gid= pid=", nil),
  ])
  func olderAndOtherTextsAreRead(_ text: String, _ author: Author?) {
    #expect(AuthorColumn.author(text) == author)
  }
}
