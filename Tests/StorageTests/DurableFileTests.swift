import Glibc
import Storage
import Testing

@Suite("A durable file")
struct DurableFileTests {
  let directory = TemporaryDirectory()
  var path: String { directory.file("result.p7m") }

  @Test("holds what was written, with the mode that was asked for, and nothing beside it")
  func write() throws {
    try DurableFile.write([1, 2, 3], to: path, mode: 0o640)
    #expect(readFile(path) == [1, 2, 3])
    #expect(mode(of: path) == 0o640)
    #expect(directory.names() == ["result.p7m"])
  }

  @Test("replaces what was there")
  func replace() throws {
    try DurableFile.write([1], to: path)
    try DurableFile.write([2], to: path)
    #expect(readFile(path) == [2])
  }

  @Test("keeps what was there when it must not replace")
  func keep() throws {
    try DurableFile.write([1], to: path)
    #expect(throws: StorageError.exists(path: path)) { try DurableFile.write([2], to: path, replacing: false) }
    #expect(readFile(path) == [1])
    #expect(directory.names() == ["result.p7m"])
  }

  @Test("takes its first place without replacing and leaves nothing beside it")
  func firstPlace() throws {
    try DurableFile.write([1], to: path, replacing: false)
    #expect(readFile(path) == [1])
    #expect(directory.names() == ["result.p7m"])
  }

  @Test("says what to do about a directory that is not there")
  func missing() {
    let path = directory.file("none/result.p7m")
    #expect {
      try DurableFile.write([1], to: path)
    } throws: { error in
      guard case StorageError.notWritable = error else { return false }
      return true
    }
  }
}
