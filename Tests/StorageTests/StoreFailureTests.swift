import GRDB
import Glibc
import Storage
import Testing

@testable import enum Storage.FileSystem

@Suite("A store that fails")
struct StoreFailureTests {
  let directory = TemporaryDirectory()
  let schema = StoreSchema(applicationID: 77, steps: ["CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)"])
  var path: String { directory.file("notes.sqlite") }

  /// What the store says to a failure of SQLite with `code`, and to the write after it.
  func failing(_ code: ResultCode) async throws -> (first: StorageError?, next: StorageError?) {
    let store = try SQLiteStore(path: path, schema: schema)
    func attempt(_ body: @escaping @Sendable (Database) throws -> Void) async -> StorageError? {
      do {
        try await store.write(throwing: StorageError.self, body)
        return nil
      } catch {
        return error
      }
    }
    let first = await attempt { _ in throw DatabaseError(resultCode: code) }
    return (first, await attempt { try $0.execute(sql: "INSERT INTO note VALUES (1, 'a')") })
  }

  @Test("to sync writes no more until it is opened anew")
  func syncError() async throws {
    let (first, next) = try await failing(.SQLITE_IOERR_FSYNC)
    guard case .io = first else {
      Issue.record("not an I/O error: \(String(describing: first))")
      return
    }
    #expect(next == first)
    let again = try SQLiteStore(path: path, schema: schema)
    try await again.write { try $0.execute(sql: "INSERT INTO note VALUES (1, 'a')") }
  }

  @Test("as damaged writes no more")
  func corrupt() async throws {
    let (first, next) = try await failing(.SQLITE_CORRUPT)
    guard case .corrupt = first else {
      Issue.record("not damaged: \(String(describing: first))")
      return
    }
    #expect(next == first)
  }

  @Test("for want of room goes on when there is some")
  func full() async throws {
    let (first, next) = try await failing(.SQLITE_FULL)
    #expect(first == .diskFull(path: path))
    #expect(next == nil)
  }

  @Test("has a place for each class of SQLite's errors")
  func classes() async throws {
    #expect(try await failing(.SQLITE_BUSY).first == .busy(path: path))
    for code in [ResultCode.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM] {
      guard case .notWritable = try await failing(code).first else {
        Issue.record("\(code) is not about writing")
        continue
      }
    }
    for code in [ResultCode.SQLITE_CONSTRAINT, .SQLITE_MISUSE, .SQLITE_ERROR] {
      guard case .fault = try await failing(code).first else {
        Issue.record("\(code) is not a fault")
        continue
      }
    }
  }

  @Test("a durable file that has no room leaves what was there, and nothing beside it")
  func fullFile() async throws {
    let path = directory.file("result")
    try DurableFile.write([1], to: path)
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1_000, rlim_max: rlim_t.max)
      guard setrlimit(__rlimit_resource_t(1), &limit) == 0 else { exit(1) }
      do {
        try DurableFile.write([UInt8](repeating: 7, count: 2_000), to: path)
        exit(2)
      } catch StorageError.diskFull {
      } catch {
        exit(3)
      }
    }
    #expect(readFile(path) == [1])
    #expect(directory.names() == ["result"])
  }

  @Test("the type of a file system is that of its device's mount")
  func fileSystemType() {
    let info = """
      22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
      40 22 0:45 / /mnt/home rw,relatime shared:9 master:3 - nfs4 server:/home rw,vers=4.2
      """
    #expect(FileSystem.type(ofDevice: 0xFE00, in: info) == "ext4")
    #expect(FileSystem.type(ofDevice: 45, in: info) == "nfs4")
    #expect(FileSystem.type(ofDevice: 46, in: info) == nil)
  }

  @Test("network and user-space file systems are known, local ones are not refused")
  func networkTypes() {
    for type in ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "fuse.sshfs", "ceph"] {
      #expect(FileSystem.isNetwork(type))
    }
    for type in ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay"] { #expect(!FileSystem.isNetwork(type)) }
  }
}
