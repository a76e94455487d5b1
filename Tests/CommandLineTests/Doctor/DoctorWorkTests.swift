import Batch
import Foundation
import Glibc
import Station
import TestKit
import Testing

@Suite("The doctor on the spool, the daemon and the machine") struct DoctorWorkTests {
  private func findings(_ home: TestHome, _ check: String, hoursFromNow hours: Int64) async throws -> [Finding] {
    let now = SystemClock().now().millisecondsSinceEpoch
    let clock = try TestClock(Timestamp(millisecondsSinceEpoch: now + hours * 3_600_000).rfc3339)
    return try await Doctor.examine(homeAt: home.path, clock: clock).results.first { $0.name == check }?.findings ?? []
  }

  private func hasFinding(_ findings: [Finding], _ severity: Finding.Severity, _ subject: String, _ words: String)
    -> Bool
  {
    findings.contains { $0.severity == severity && $0.subject.contains(subject) && $0.what.contains(words) }
  }

  @Test("a partner without an inbox is told") func noInbox() throws {
    let home = try TestHome()
    try FileManager.default.removeItem(atPath: "\(home.path)/spool/inbox/\(TestHome.partner)")
    let found = try Examination(home)
    #expect(found.execution.status == 0)
    #expect(found.found("spool", "warning", "inbox/\(TestHome.partner)", "no inbox"), "\(found.execution)")
  }

  @Test("a file that waits for long is told, and one that nobody renames; those that have just come are not")
  func inbox() async throws {
    let home = try TestHome()
    try home.makeInbox()
    for name in ["a.p7m", "b.p7m.part", ".c.p7m"] {
      try home.drop("spool/inbox/\(TestHome.partner)/\(name)", secondsAgo: 0)
    }
    #expect(try await findings(home, "spool", hoursFromNow: 0).isEmpty)
    let found = try await findings(home, "spool", hoursFromNow: 1)
    #expect(found.count == 3)
    #expect(hasFinding(found, .warning, "a.p7m", "waiting for"))
    #expect(hasFinding(found, .warning, "b.p7m.part", "nobody has written or renamed it"))
    #expect(hasFinding(found, .warning, ".c.p7m", "nobody has written or renamed it"))
  }

  @Test("what is never taken is told at once, with the reason") func neverTaken() async throws {
    let home = try TestHome()
    try home.makeInbox()
    let inbox = "\(home.path)/spool/inbox/\(TestHome.partner)"
    try Command.tool("mkfifo", ["\(inbox)/pipe.p7m"])
    try Command.tool("ln", ["-s", "/etc/hostname", "\(inbox)/link.p7m"])
    try Command.tool("mkdir", ["\(inbox)/folder"])
    let found = try await findings(home, "spool", hoursFromNow: 0)
    #expect(hasFinding(found, .warning, "pipe.p7m", "it is a pipe"))
    #expect(hasFinding(found, .warning, "link.p7m", "it is a symbolic link"))
    #expect(hasFinding(found, .warning, "folder", "it is a directory"))
  }

  @Test("a file in the inbox of nobody is told") func stranger() throws {
    let home = try TestHome()
    try home.drop("spool/inbox/nobody/a.p7m", secondsAgo: 0)
    #expect(try Examination(home).found("spool", "warning", "nobody/a.p7m", "not registered"))
  }

  @Test("a taken file that no batch came from, and what a stopped command left, are told after a day")
  func work() async throws {
    let home = try TestHome()
    try home.makeInbox()
    try home.drop("spool/work/\(TestHome.partner)+0123456789abcdef+a.p7m", secondsAgo: 0)
    try home.drop("spool/outbox/\(TestHome.partner)/.a.result.p7m.tmp-1x", secondsAgo: 0)
    try home.drop("keys/.signing-2.key.tmp-2x", secondsAgo: 0)
    #expect(try await findings(home, "spool", hoursFromNow: 23).isEmpty)
    let found = try await findings(home, "spool", hoursFromNow: 25)
    #expect(found.count == 3)
    #expect(hasFinding(found, .warning, "+a.p7m", "more than a day ago"))
    #expect(hasFinding(found, .warning, "tmp-1x", "stopped"))
    #expect(hasFinding(found, .warning, "tmp-2x", "stopped"))
  }

  @Test("a batch that is not ended within a day is told, and that nobody works on it at once") func batches()
    async throws
  {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", Array(repeating: 10, count: 300)))
    let killed = try home.process(
      file, environment: ["DISBURSE_CRASH_AT": "ledger.post.committed", "DISBURSE_DISPATCH_CLAIM_SIZE": "64"])
    #expect(killed.status == 128 + 9)
    #expect(try Examination(home).found("daemon", "warning", "daemon", "1 batches wait"))
    #expect(try await findings(home, "batches", hoursFromNow: 23).isEmpty)
    #expect(hasFinding(try await findings(home, "batches", hoursFromNow: 25), .warning, "B-1", "not completed"))
    #expect(try home.process(file).status == 0)
    #expect(try await findings(home, "batches", hoursFromNow: 25).isEmpty)
  }

  @Test("a daemon that holds its lock and does not touch it hangs; one that touches it, and none without work, do not")
  func daemon() throws {
    let home = try TestHome()
    #expect(try Examination(home).result("daemon") == "ok")
    try home.drop("locks/daemon.lock", secondsAgo: 0)
    try home.setMode(0o600, "locks/daemon.lock")
    let path = "\(home.path)/locks/daemon.lock"
    try home.edit(path) { _ in "4711\n" }
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX) == 0)
    #expect(try Examination(home).result("daemon") == "ok")
    try Command.tool("touch", ["-d", "10 minutes ago", path])
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.found("daemon", "problem", "daemon", "process 4711"), "\(found.execution)")
    #expect(flock(descriptor, LOCK_UN) == 0)
    #expect(try Examination(home).result("daemon") == "ok")
  }

  @Test("files that wait while no daemon runs are told") func noDaemon() throws {
    let home = try TestHome()
    try home.makeInbox()
    try home.drop("spool/inbox/\(TestHome.partner)/a.p7m", secondsAgo: 0)
    let found = try Examination(home)
    #expect(found.found("daemon", "warning", "daemon", "none runs, and 1 files"), "\(found.execution)")
    #expect(found.execution.status == 0)
  }

  @Test("a clock behind the journal is a problem") func clock() async throws {
    let home = try TestHome()
    #expect(!hasFinding(try await findings(home, "clock", hoursFromNow: 0), .problem, "clock", ""))
    #expect(hasFinding(try await findings(home, "clock", hoursFromNow: -24), .problem, "clock", "last entry"))
  }

  @Test(
    "little room is a warning, and hardly any a problem", .enabled(if: MountNamespace.isAvailable),
    arguments: [("1g", "warning", Int32(0)), ("64m", "problem", 78)])
  func space(size: String, severity: String, status: Int32) throws {
    let home = try TestHome()
    let place = home.directory.file("mounted")
    let result = try MountNamespace.run(
      """
      mkdir "$PLACE"; mount -t tmpfs -o size=\(size) tmpfs "$PLACE"; cp -a "$HOME_PATH" "$PLACE/home"
      status=0; "$PROGRAM" doctor --home "$PLACE/home" --format json || status=$?; exit $status
      """, environment: ["PLACE": place, "HOME_PATH": home.path, "PROGRAM": Program.path])
    let found = try Examination(result)
    #expect(result.status == status, "\(result)")
    #expect(found.found("space", severity, "home", "MiB are free"), "\(result)")
  }
}
