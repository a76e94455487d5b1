import Batch
import Pipeline
import Station
import TestKit
import Testing

@Suite("What a partner may move in a day") struct DayLimitTests {
  @Test("counts all its batches of the day, and not those that were rejected") func severalBatches() throws {
    let home = try TestHome()
    try home.update("--max-day", "1000RWF")
    #expect(try home.process(home.sealed(.payments("B-1", [600]))).status == 0)
    try home.expect(
      ExpectedRejection("batch-limit-exceeded"), of: home.sealed(.payments("B-2", [401])),
      corrected: .payments("B-2", [400]), costs: 400)
    let last = try home.process(home.sealed(.payments("B-3", [1])))
    #expect(last.status == 65, "\(last)")
    #expect(last.stderr.contains("1000 RWF were admitted today"), "\(last)")
    try home.update("--max-day", "none")
    #expect(try home.process(home.sealed(.payments("B-3", [1]))).status == 0)
  }

  @Test("begins anew at midnight, UTC") func midnight() async throws {
    let home = try TestHome()
    let key = try PartnerKey(
      "lasting", for: .signature, in: home.directory, validity: ("20200101000000Z", "20900101000000Z"))
    let receiver = try PartnerKey(
      "receiver", for: .agreement, in: home.directory, validity: ("20200101000000Z", "20900101000000Z"))
    try home.update(
      "--signing-cert", key.certificate, "--encryption-cert", receiver.certificate, "--max-day", "1000RWF")
    func process(_ batchID: String, _ amount: Int, at instant: String) async throws -> BatchReport {
      let clock = FixedClock(instant: try #require(Timestamp(rfc3339: instant)))
      return try await Station(openingHomeAt: home.path, clock: clock).processor()
        .process(home.sealed(.payments(batchID, [amount]), by: [key]))
    }
    #expect(try await process("B-1", 1_000, at: "2040-03-01T23:59:59Z").status == .completed)
    let late = try await process("B-2", 1, at: "2040-03-01T23:59:59Z")
    #expect(late.rejection?.code == .batchLimitExceeded)
    #expect(try await process("B-2", 1_000, at: "2040-03-02T00:00:00Z").status == .completed)
    let again = try await process("B-3", 1, at: "2040-03-01T12:00:00Z")
    #expect(again.rejection?.code == .batchLimitExceeded)
    #expect(try home.balance() == TestHome.funded - 2_000)
  }
}

/// A clock that stands.
private struct FixedClock: WallClock {
  let instant: Timestamp
  func now() -> Timestamp { instant }
}

@Suite("Rules of a partner that operators set") struct PartnerRuleTests {
  @Test("are shown, lifted, and left as they are by a change of others") func shown() throws {
    let home = try TestHome()
    try home.update(
      "--max-day", "5000RWF", "--require-release", "--stop-at-failure-rate", "20%", "--stop-after-at-least", "7")
    try home.update("--max-batch", "100RWF")
    var shown = try home.report(["partner", "show", TestHome.partner]).json
    #expect(shown["maxDay"]["RWF"].text == "5000")
    #expect(shown["requireRelease"].text == "1")
    #expect(shown["stopAtFailureRate"].text == "20%" && shown["stopAfterAtLeast"].text == "7")
    let table = try home.run(["partner", "show", TestHome.partner]).stdout
    #expect(table.contains("20% of at least 7") && table.contains("5000 RWF"))
    try home.update("--stop-at-failure-rate", "30%")
    shown = try home.report(["partner", "show", TestHome.partner]).json
    #expect(shown["stopAtFailureRate"].text == "30%" && shown["stopAfterAtLeast"].text == "7")
    try home.update("--max-day", "none", "--no-require-release", "--stop-at-failure-rate", "none")
    shown = try home.report(["partner", "show", TestHome.partner]).json
    #expect(shown["maxDay"].names.isEmpty && shown["requireRelease"].text == "0")
    #expect(shown["stopAtFailureRate"].isNull && shown["stopAfterAtLeast"].isNull)
  }

  @Test(
    "that can't be are refused",
    arguments: [
      ["--stop-at-failure-rate", "20"], ["--stop-at-failure-rate", "0%"], ["--stop-at-failure-rate", "101%"],
      ["--stop-at-failure-rate", "20%", "--stop-after-at-least", "0"], ["--stop-after-at-least", "5"],
      ["--stop-at-failure-rate", "none", "--stop-after-at-least", "5"], ["--max-day", "0RWF"], ["--max-day", "5"],
    ])
  func refused(options: [String]) throws {
    let home = try TestHome()
    let update = try home.run(["partner", "update", TestHome.partner] + options)
    #expect(update.status == 64, "\(update)")
  }

  @Test("stop a batch when too many fail, and it goes on when an operator lets it") func failureRate() throws {
    let home = try TestHome()
    try home.update("--stop-at-failure-rate", "50%", "--stop-after-at-least", "4")
    for payee in 0..<12 { try home.open(payee, state: "inactive") }
    let small = ["DISBURSE_DISPATCH_CLAIM_SIZE": "4"]
    let file = try home.sealed(.payments("B-1", Array(repeating: 10, count: 12)))
    let stopped = try home.process(file, environment: small)
    #expect(stopped.status == 69, "\(stopped)")
    #expect(stopped.stderr.contains("4 of 4 instructions failed"), "\(stopped)")
    #expect(try home.batch()["hold"]["cause"].text == "failure-rate")
    for payee in 0..<12 { try home.set(payee, state: "active") }
    #expect(try home.process(file, environment: small).status == 69)
    try home.expectSuccess(["batch", "resume", "B-1", "--note", "accounts opened"])
    let report = try home.process(file, environment: small)
    #expect(report.status == 2, "\(report)")
    #expect(try report.json["batches"][0]["summary"]["succeeded"].text == "8")
    #expect(try home.balance() == TestHome.funded - 80)
  }
}
