import Storage
import TestKit
import Testing

/// An order is one durable step: killed after it, the program has carried it out, and the batch comes to its end.
@Suite("An operator's order whose process is killed", .enabled(if: Login.canBePlayed)) struct OperatorCrashTests {
  /// Each point with the order that comes by it.
  private static let orders: [CrashPoint: [String]] = [
    .operatorHeld: ["hold", "B-1", "--note", "wait"],
    .operatorApproved: ["approve", "B-1"],
    .operatorResumed: ["resume", "B-1", "--note", "on"],
    .operatorCancelled: ["cancel", "B-1", "--note", "no"],
    .operatorRetried: ["retry", "B-1", "--note", "again"],
    .operatorSettled: ["settle", "B-1", "--instruction", "B-1-0", "--note", "cash"],
  ]

  @Test("has a test for each point") func all() {
    let points = CrashPoint.all.filter { $0.rawValue.hasPrefix("operator.") }
    #expect(Set(points) == Set(Self.orders.keys))
  }

  /// A home whose operator is who runs this, and whose batch another has handed in.
  private func home(_ options: String...) throws -> (home: TestHome, file: String) {
    let home = try TestHome()
    try home.expectSuccess(["operator", "add", "me", "--user", Login.name()])
    try home.expectSuccess(["partner", "update", TestHome.partner] + options)
    try home.expectSuccess([
      "wallet", "account", "open", "MSISDN", BatchDocument.payee(0), "--state", "inactive",
    ])
    return (home, try home.sealed(.payments("B-1", [100, 200, 300])))
  }

  private func process(_ home: TestHome, _ file: String) throws -> Execution {
    try home.process(file, environment: Login.alice)
  }

  private func kill(_ home: TestHome, at point: CrashPoint) throws {
    let order = try #require(Self.orders[point])
    let killed = try home.run(["batch"] + order, environment: ["DISBURSE_CRASH_AT": point.rawValue])
    #expect(killed.status == CrashHome.killed, "\(killed)")
  }

  private func state(_ home: TestHome) throws -> JSON { try home.report(["batch", "show", "B-1"]).json }

  @Test("has released, stopped and resumed the batch, which then is paid once") func holds() throws {
    let (home, file) = try home("--require-release")
    #expect(try process(home, file).status == 69)
    try kill(home, at: .operatorApproved)
    #expect(try state(home)["approvals"].elements.count == 1)
    try kill(home, at: .operatorHeld)
    #expect(try process(home, file).status == 69)
    try kill(home, at: .operatorResumed)
    #expect(try process(home, file).status == 2)
    #expect(try home.balance() == TestHome.funded - 500)
  }

  @Test("has cancelled the batch") func cancel() throws {
    let (home, file) = try home("--require-release")
    #expect(try process(home, file).status == 69)
    try kill(home, at: .operatorCancelled)
    #expect(try process(home, file).status == 2)
    #expect(try home.balance() == TestHome.funded)
  }

  @Test("has ordered the retry once") func retry() throws {
    let (home, file) = try home("--no-require-release")
    #expect(try process(home, file).status == 2)
    try home.expectSuccess(["wallet", "account", "set", "MSISDN", BatchDocument.payee(0), "--state", "active"])
    try kill(home, at: .operatorRetried)
    #expect(try state(home)["round"].text == "2")
    #expect(try process(home, file).status == 0)
    #expect(try home.balance() == TestHome.funded - 600)
  }

  @Test("has settled the line, which no wallet pays any more") func settle() throws {
    let (home, file) = try home("--no-require-release")
    #expect(try process(home, file).status == 2)
    try kill(home, at: .operatorSettled)
    let report = try process(home, file)
    #expect(report.status == 0, "\(report)")
    #expect(try home.result(of: report)["summary"]["settledByHand"]["count"].text == "1")
    #expect(try home.balance() == TestHome.funded - 500)
  }

  @Test("after the batch's own process was killed before its result took its place, is told in the next revision")
  func settleAfterKill() throws {
    let (home, file) = try home("--no-require-release")
    let killed = try home.process(
      file,
      environment: Login.alice.merging([
        "DISBURSE_CRASH_AT": CrashPoint.journalPublishPrepared.rawValue
      ]) { $1 })
    #expect(killed.status == CrashHome.killed, "\(killed)")
    let order = try home.report(["batch"] + (Self.orders[.operatorSettled] ?? []))
    #expect(order.status == 0, "\(order)")
    // The result that was sealed before has its place, and tells what was so then.
    let first = try JSON(
      object: Sealing.open(#require(order.json["batch"]["result"].text), as: home.keys, from: home.processor))
    #expect(first["revision"].text == "1" && first["results"][0]["status"].text == "FAILED")
    let report = try process(home, file)
    #expect(report.status == 0, "\(report)")
    let result = try home.result(of: report)
    #expect(result["revision"].text == "2" && result["status"].text == "COMPLETED")
    #expect(result["results"][0]["status"].text == "SUCCESSFUL")
    try home.expectSuccess(["audit", "verify"])
    #expect(try home.balance() == TestHome.funded - 500)
  }
}
