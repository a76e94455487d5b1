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
}
