import Storage
import Testing

@Suite("A file lock")
struct FileLockTests {
  let directory = TemporaryDirectory()
  var path: String { directory.file("batch.lock") }

  @Test("has one holder at a time")
  func exclusive() throws {
    let first = try FileLock(path: path)
    let second = try FileLock(path: path)
    #expect(try first.tryAcquire())
    #expect(try !second.tryAcquire())
    first.release()
    #expect(try second.tryAcquire())
  }

  @Test("is free when its holder is gone")
  func releasedByDeinit() throws {
    var first: FileLock? = try FileLock(path: path)
    #expect(try first?.tryAcquire() == true)
    first = nil
    #expect(try FileLock(path: path).tryAcquire())
  }

  @Test("is taken by who waits for it as soon as it is free")
  func waits() async throws {
    let first = try FileLock(path: path)
    let second = try FileLock(path: path)
    #expect(try first.tryAcquire())
    async let taken: Void = second.acquireWhenFree()
    first.release()
    try await taken
    #expect(try !first.tryAcquire())
  }

  @Test("whose file goes with it tells who waited for a file that is gone")
  func removedFile() throws {
    let first = try FileLock(path: path, removesFile: true)
    let second = try FileLock(path: path, removesFile: true)
    #expect(try first.tryAcquire())
    first.release()
    let third = try FileLock(path: path, removesFile: true)
    #expect(try third.tryAcquire())
    #expect(third.isInPlace)
    #expect(try second.tryAcquire())
    #expect(!second.isInPlace)
    // Who holds what is nobody's any more takes nothing away from who holds the real one.
    second.release()
    #expect(third.isInPlace)
  }

  @Test("says who holds it")
  func text() throws {
    let lock = try FileLock(path: path)
    try lock.write("a longer text")
    try lock.write("4711\n")
    #expect(readFile(path) == Array("4711\n".utf8))
  }
}
