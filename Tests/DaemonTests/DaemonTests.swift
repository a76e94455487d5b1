import Batch
import Glibc
import TestKit
import Testing

@Suite("The daemon", .timeLimit(.minutes(5)))
struct DaemonTests {
  /// Every instruction is a durable step of its own: a batch takes its time.
  private static let slow = ["DISBURSE_DISPATCH_CLAIM_SIZE": "1", "DISBURSE_DISPATCH_CLAIMS_IN_FLIGHT": "1"]

  @Test("works on what several partners drop, and on every kind of file at once")
  func severalPartners() async throws {
    let partners = ["fund", "north", "south"]
    let spool = try DaemonHome(besides: partners)
    let daemon = try await spool.start()
    for partner in partners {
      for number in 0..<3 {
        let batch = BatchDocument(
          "\(partner)-\(number)", from: partner,
          lines: (0..<5).map {
            BatchDocument.credit("\(partner)-\(number)-\($0)", "10", to: BatchDocument.payee($0))
          })
        try spool.drop(batch, as: "\(number).p7m", of: partner)
      }
      try spool.drop("{}".utf8, as: "plain.json", of: partner)
    }
    for partner in partners {
      try await Condition.await("the end of \(partner)'s files") {
        spool.names("archive", of: partner).count == 3 && spool.names("rejected", of: partner).count == 2
      }
      #expect(spool.names("outbox", of: partner) == ["0.result.p7m", "1.result.p7m", "2.result.p7m"])
    }
    #expect(try daemon.stop().status == 0)
    #expect(spool.work == [])
  }

  @Test("answers a small batch before a large one that came first")
  func smallBeforeLarge() async throws {
    let spool = try DaemonHome()
    let daemon = try await spool.start(Self.slow)
    try spool.drop(.payments("LARGE", [Int](repeating: 1, count: 8_000)), as: "large.p7m")
    try await Condition.await("the large batch is admitted") { daemon.complaint.contains("batch admitted") }
    try spool.drop(.payments("SMALL", [1, 2, 3]), as: "small.p7m")
    try await spool.await("small.result.p7m", in: "outbox")
    #expect(spool.names("outbox") == ["small.result.p7m"])
    #expect(try daemon.stop().status == 0)
  }

  @Test("stops in the middle of a batch when it is told to, and the next one goes on by itself")
  func stopped() async throws {
    let spool = try DaemonHome()
    let daemon = try await spool.start(Self.slow)
    try spool.drop(.payments("B-1", [Int](repeating: 3, count: 3_000)), as: "a.p7m")
    try await Condition.await("the batch is being paid") { try spool.home.balance() < TestHome.funded }
    let end = try daemon.stop()
    #expect(end.status == 0, "\(end)")
    #expect(spool.names("outbox") == [])
    #expect(spool.work.count == 2)
    let run = try spool.runOnce()
    #expect(run.status == 0, "\(run)")
    #expect(try spool.result("a.result.p7m")["summary"]["succeeded"].text == "3000")
    #expect(try spool.home.balance() == TestHome.funded - 9_000)
    #expect(spool.names("archive") == ["a.p7m"])
    #expect(spool.work == [])
  }

  @Test("goes on after a kill in the middle of a batch, and pays nobody twice")
  func killed() async throws {
    let spool = try DaemonHome()
    let daemon = try await spool.start(Self.slow)
    try spool.drop(.payments("B-1", [Int](repeating: 3, count: 3_000)), as: "a.p7m")
    try await Condition.await("the batch is being paid") { try spool.home.balance() < TestHome.funded }
    daemon.signal(SIGKILL)
    try daemon.end()
    #expect(try spool.runOnce().status == 0)
    #expect(try spool.home.balance() == TestHome.funded - 9_000)
    #expect(spool.names("archive") == ["a.p7m"])
  }

  @Test("admits a batch that has its time, and pays it when that has come")
  func executeAt() async throws {
    let spool = try DaemonHome()
    let daemon = try await spool.start()
    let time = Timestamp(millisecondsSinceEpoch: SystemClock().now().millisecondsSinceEpoch + 4_000)
    try spool.drop(BatchDocument.payments("B-1", [100]).with("executeAt", "\"\(time.rfc3339)\""), as: "a.p7m")
    try await spool.await("a.result.p7m", in: "outbox")
    let paid = try #require(try spool.result("a.result.p7m")["results"][0]["completedAt"].text)
    #expect(try #require(Timestamp(rfc3339: paid)) >= time)
    #expect(try daemon.stop().status == 0)
  }

  @Test("ends while a batch waits for its time, and says nothing of a fault")
  func waits() throws {
    let spool = try DaemonHome()
    try spool.drop(BatchDocument.payments("B-1", [100]).with("executeAt", "\"2099-01-01T00:00:00Z\""), as: "a.p7m")
    let run = try spool.runOnce()
    #expect(run.status == 0, "\(run)")
    #expect(spool.names("outbox") == [])
    #expect(spool.work.count == 2)
    // Opened and admitted once: the next one knows it by its note.
    #expect(try !spool.runOnce().stderr.contains("file repeated"))
  }

  @Test("is the only one of its home")
  func onlyOne() async throws {
    let spool = try DaemonHome()
    let daemon = try await spool.start()
    let second = try spool.runOnce()
    #expect(second.status == 69, "\(second)")
    #expect(second.stderr.contains("a daemon works on this home already (process "))
    #expect(second.stderr.contains("hint:"))
    #expect(try daemon.stop().status == 0)
    #expect(try spool.runOnce().status == 0)
  }

  @Test("tells with its status that instructions failed")
  func someFailed() throws {
    let spool = try DaemonHome()
    try spool.home.expectSuccess([
      "wallet", "account", "open", "MSISDN", BatchDocument.payee(0), "--state", "inactive",
    ])
    try spool.drop(.payments("B-1", [100, 200]), as: "a.p7m")
    #expect(try spool.runOnce().status == 2)
    #expect(try spool.result("a.result.p7m")["summary"]["failed"].text == "1")
  }

  @Test("leaves no lock files of batches behind")
  func lockFiles() throws {
    let spool = try DaemonHome()
    try spool.drop(.payments("B-1", [100]), as: "a.p7m")
    try spool.runOnce()
    let locks = try Command.tool("ls", ["\(spool.home.path)/locks"])
    #expect(!String(decoding: locks, as: UTF8.self).contains("batch+"))
  }

  @Test("writes a hold into its log once, without the payees, and that the batch goes on")
  func logsHolds() async throws {
    let spool = try DaemonHome()
    try spool.home.update("--require-release")
    try spool.home.expectSuccess(["operator", "add", "root", "--user", "daemon"])
    let daemon = try await spool.start()
    try spool.drop(.payments("B-1", [5]), as: "a.p7m")
    try await Condition.await("the hold is told") { daemon.complaint.contains("batch held") }
    let approved = try spool.home.run(["batch", "approve", "B-1"], environment: ["SUDO_UID": "1"])
    #expect(approved.status == 0, "\(approved)")
    try await spool.await("a.result.p7m", in: "outbox")
    let log = try daemon.stop().stderr
    #expect(log.split(separator: "batch held").count == 2)
    #expect(log.contains("cause=awaiting-release"))
    #expect(!log.contains(BatchDocument.payee(0)))
  }
}
