import TestKit
import Testing

@Suite("A batch that waits for its release", .enabled(if: Login.canBePlayed)) struct ReleaseTests {
  private func held(_ lines: [Int] = [100, 200]) throws -> (home: TestHome, file: String) {
    let home = try TestHome()
    try home.update("--require-release")
    let file = try home.sealed(.payments("B-1", lines))
    let first = try home.process(file)
    #expect(first.status == 69, "\(first)")
    #expect(try first.json["batches"][0]["errors"][0]["code"].text == "held")
    #expect(first.stderr.contains("disburse batch approve B-1"), "\(first)")
    #expect(try home.balance() == TestHome.funded)
    return (home, file)
  }

  @Test("is paid after another operator has approved it, and the approval is told") func approved() throws {
    let (home, file) = try held()
    try home.addOperators()
    let order = try home.order(["approve", "B-1"])
    #expect(order.status == 0, "\(order)")
    #expect(try order.json["actor"].text == "operator alice")
    let report = try home.process(file)
    #expect(report.status == 0, "\(report)")
    #expect(try home.balance() == TestHome.funded - 300)
    let shown = try home.batch()
    #expect(shown["approvals"][0]["operator"].text == "operator alice")
    #expect(shown["approvals"][0]["evidence"].text == "system user \(try Login.name(Login.alice))")
    #expect(shown["hold"].isNull)
  }

  @Test("is listed among those that are held, and shows what holds it") func listed() throws {
    let (home, _) = try held()
    try home.update("--no-require-release")
    #expect(try home.process(home.sealed(.payments("B-2", [100]))).status == 0)
    let list = try home.report(["batch", "list", "--held"]).json["batches"].elements
    #expect(list.map(\.["batchID"].text) == ["B-1"])
    let shown = try home.batch()
    #expect(shown["hold"]["cause"].text == "awaiting-release")
    #expect(shown["round"].text == "1")
    #expect(try home.run(["batch", "show", "B-1"]).stdout.contains("held: awaiting-release"))
  }

  @Test("is not released by whoever handed it in") func submitter() throws {
    let home = try TestHome()
    try home.update("--require-release")
    try home.addOperators()
    let file = try home.sealed(.payments("B-1", [100]))
    #expect(try home.process(file, environment: Login.alice).status == 69)
    let own = try home.order(["approve", "B-1"])
    #expect(own.status == 77, "\(own)")
    #expect(try own.json["error"]["code"].text == "not-permitted")
    #expect(try home.batch()["hold"]["cause"].text == "awaiting-release")
    #expect(try home.order(["approve", "B-1"], as: Login.bob).status == 0)
  }

  @Test("is not released by an operator whose key has signed it") func signer() throws {
    let (home, _) = try held()
    try home.addOperators()
    try home.expectSuccess(["operator", "update", "alice", "--cert", home.keys.maker.certificate])
    let own = try home.order(["approve", "B-1"])
    #expect(own.status == 77, "\(own)")
    #expect(own.stderr.contains("another operator"), "\(own)")
    #expect(try home.order(["approve", "B-1"], as: Login.bob).status == 0)
  }

  @Test("is not released by the person who has signed it, under a newer key of theirs either") func renewed() throws {
    let (home, _) = try held()
    try home.addOperators()
    // The name of who signed, over another key.
    let renewed = try PartnerKey("maker", for: .signature, in: home.directory)
    try home.expectSuccess(["operator", "update", "alice", "--cert", renewed.certificate])
    let own = try home.order(["approve", "B-1"])
    #expect(own.status == 77, "\(own)")
  }

  @Test("is not released by a system user who is no operator, nor in an operator's name") func strangers() throws {
    let (home, _) = try held()
    try home.addOperators()
    for words in [["approve", "B-1"], ["approve", "B-1", "--operator", "alice"]] {
      let order = try home.order(words, as: Login.stranger)
      #expect(order.status == 77, "\(order)")
    }
    let other = try home.order(["approve", "B-1", "--operator", "alice"], as: Login.bob)
    #expect(other.status == 77, "\(other)")
    #expect(try home.batch()["hold"]["cause"].text == "awaiting-release")
  }

  @Test("is not released while no operator is registered, and the remedy is told") func nobody() throws {
    let (home, _) = try held()
    let order = try home.order(["approve", "B-1"])
    #expect(order.status == 77, "\(order)")
    #expect(order.stderr.contains("disburse operator add"), "\(order)")
  }

  @Test("is not resumed instead, and is not approved twice") func otherWords() throws {
    let (home, _) = try held()
    try home.addOperators()
    #expect(try home.order(["resume", "B-1", "--note", "go"]).status == 64)
    #expect(try home.order(["approve", "B-1"]).status == 0)
    let again = try home.order(["approve", "B-1"], as: Login.bob)
    #expect(again.status == 64, "\(again)")
    #expect(try again.json["error"]["code"].text == "not-allowed")
  }

  @Test("is answered as cancelled instead, and nobody is paid") func cancelled() throws {
    let (home, file) = try held()
    try home.addOperators()
    #expect(try home.order(["cancel", "B-1", "--note", "sent twice"]).status == 0)
    let report = try home.process(file)
    #expect(report.status == 2, "\(report)")
    let result = try home.result(of: report)
    #expect(result["status"].text == "COMPLETED")
    #expect(result["results"].elements.map(\.["reason"]["code"].text) == ["cancelled", "cancelled"])
    #expect(result["results"][0]["reason"]["iso"].text == "NARR")
    #expect(result["results"][0]["reason"]["message"].text?.contains("sent twice") == true)
    #expect(try home.balance() == TestHome.funded)
    #expect(try home.batch()["cancellation"]["code"].text == "cancelled")
    #expect(try home.order(["cancel", "B-1", "--note", "again"]).status == 64)
  }
}

@Suite("A batch that an operator stops", .enabled(if: Login.canBePlayed)) struct HoldTests {
  @Test("is not paid until it is resumed") func held() throws {
    let home = try TestHome()
    try home.addOperators()
    let file = try home.sealed(.payments("B-1", Array(repeating: 10, count: 100)))
    let killed = try home.process(
      file, environment: ["DISBURSE_CRASH_AT": "journal.record.committed", "DISBURSE_DISPATCH_CLAIM_SIZE": "20"])
    #expect(killed.status == 128 + 9)
    let hold = try home.order(["hold", "B-1", "--note", "wrong list?"])
    #expect(hold.status == 0, "\(hold)")
    let stopped = try home.process(file)
    #expect(stopped.status == 69, "\(stopped)")
    #expect(stopped.stderr.contains("wrong list?"))
    #expect(stopped.stderr.contains("disburse batch resume"))
    #expect(try home.batch()["hold"]["cause"].text == "operator-stop")
    #expect(try home.balance() > TestHome.funded - 1_000)
    #expect(try home.order(["approve", "B-1"]).status == 64)
    #expect(try home.order(["resume", "B-1", "--note", "it was right"], as: Login.bob).status == 0)
    let report = try home.process(file)
    #expect(report.status == 0, "\(report)")
    #expect(try home.balance() == TestHome.funded - 1_000)
    #expect(try home.received(BatchDocument.payee(99)) == 10)
  }

  @Test("by an unregistered user is refused once anybody is registered, and is told in their own name before")
  func users() throws {
    let home = try TestHome()
    try home.update("--require-release")
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 69)
    let cancel = try home.order(["cancel", "B-1", "--note", "no"], as: Login.stranger)
    #expect(cancel.status == 0, "\(cancel)")
    #expect(try cancel.json["actor"].text == "user \(try Login.name(Login.stranger))")
    try home.addOperators()
    let hold = try home.order(["hold", "B-1", "--note", "no"], as: Login.stranger)
    #expect(hold.status == 77, "\(hold)")
    #expect(try home.order(["hold", "B-1", "--note", "no"]).status == 0)
  }

  @Test("that is completed is not stopped any more") func completed() throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 0)
    let hold = try home.order(["hold", "B-1", "--note", "late"])
    #expect(hold.status == 64, "\(hold)")
    #expect(try home.order(["hold", "B-9", "--note", "who"]).status == 64)
  }
}
