import Foundation
import TestKit
import Testing

@Suite("What was begun, and what was answered") struct ResumeTests {
  @Test("a batch that was killed is ended under its references though the processor has another name by now")
  func renamedProcessor() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", Array(repeating: 10, count: 20)))
    #expect(try home.process(file, environment: ["DISBURSE_CRASH_AT": "ledger.post.committed"]).status == 128 + 9)
    let report = try home.process(file, environment: ["DISBURSE_PROCESSOR_ID": "other"])
    #expect(report.status == 0, "\(report)")
    #expect(try home.balance() == TestHome.funded - 200)
    #expect(try home.received(BatchDocument.payee(0)) == 10)
  }

  @Test("a result that was taken away is published once more, with the same lines under the next number")
  func takenAway() throws {
    let home = try TestHome()
    let file = try home.sealed(.vouchers("B-1", [500, 700]))
    let first = try home.process(file)
    let before = try home.result(of: first)
    try FileManager.default.removeItem(atPath: try #require(try first.json["batches"][0]["result"].text))
    let copy = home.directory.file("copy.p7m")
    let again = try home.process(file, ["-o", copy])
    #expect(again.status == 0, "\(again)")
    let after = try home.result(of: again)
    #expect(after["revision"].text == "2")
    #expect(
      after["results"].elements.map(\.["voucherNumber"].text)
        == before["results"].elements.map(\.["voucherNumber"].text))
    #expect(FileManager.default.fileExists(atPath: copy))
    #expect(try home.balance() == TestHome.funded - 1_200)
  }

  @Test("a file whose name is as long as a name may be is paid and answered")
  func longName() throws {
    let home = try TestHome()
    let name = String(repeating: "é", count: 125) + ".p7m"
    let sealed = try home.sealed(.payments("B-1", [100]))
    let file = home.directory.file(name)
    try FileManager.default.moveItem(atPath: sealed, toPath: file)
    let report = try home.process(file)
    #expect(report.status == 0, "\(report)")
    #expect(try home.result(of: report)["status"].text == "COMPLETED")
  }
}

@Suite("What a result tells besides") struct ResultDetailTests {
  @Test("members that nobody knows are counted, those of the batch and those of its lines")
  func unknownMembers() throws {
    let home = try TestHome()
    let line = BatchDocument.credit("B-1-0", "100", to: BatchDocument.payee(0), more: #","colour":"red","size":3"#)
    let report = try home.process(home.sealed(BatchDocument("B-1", lines: [line]).with("weather", "\"fair\"")))
    #expect(try home.result(of: report)["summary"]["unknownMembers"].text == "3")
    #expect(try report.json["batches"][0]["summary"]["unknownMembers"].text == "3")
  }

  @Test("a line that was never sent has no reference")
  func references() throws {
    let home = try TestHome()
    let functional = #"{"instructionID":"B-1-1","payeeFunctionalID":"RW-1","amount":"5"}"#
    let report = try home.process(
      home.sealed(
        BatchDocument("B-1", lines: [BatchDocument.credit("B-1-0", "100", to: BatchDocument.payee(0)), functional])))
    let lines = try home.result(of: report)["results"]
    #expect(lines[0]["reference"].text != nil)
    #expect(lines[1]["reason"]["code"].text == "payee-not-found")
    #expect(lines[1]["reference"].isNull)

    let vouchers = try home.process(home.sealed(.vouchers("B-2", [500], group: "NOBODYS")))
    #expect(try home.result(of: vouchers)["results"][0]["reference"].isNull)
  }
}

@Suite("Sums, times and names that can't be") struct ImpossibleBatchTests {
  private let good = BatchDocument.payments("B-1", [100])

  @Test("a sum that does not fit is a batch over the limit, and the rest of the file is told as well")
  func overflow() throws {
    let home = try TestHome()
    let huge = "9000000000000000000"
    let lines = (0..<3).map { BatchDocument.credit("B-1-\($0)", huge, to: BatchDocument.payee($0)) }
    try home.expect(
      ExpectedRejection("batch-limit-exceeded", at: "/creditInstructions/1/amount"),
      of: home.sealed(BatchDocument("B-1", lines: [lines[0], lines[1]])), corrected: good)
  }

  @Test("a batch that ends before it may begin")
  func endBeforeBegin() throws {
    let home = try TestHome()
    let document = good.with("executeAt", "\"2099-01-02T00:00:00Z\"").with("expiresAt", "\"2099-01-01T00:00:00Z\"")
    try home.expect(ExpectedRejection("schema", at: "/expiresAt"), of: home.sealed(document), corrected: good)
  }

  @Test(
    "what an operator names for a bare array obeys the rules of the document",
    arguments: [
      ["--batch-id", "../../x y"], ["--batch-id", String(repeating: "b", count: 51)], ["--batch-id", ""],
      ["--batch-id", "G-1", "--program", String(repeating: "p", count: 21)],
      ["--batch-id", "G-1", "--request-id", "a\nb"],
    ])
  func bareArray(options: [String]) throws {
    let home = try TestHome()
    let array = #"[{"requestId":"g1","creditParty":[{"key":"msisdn","value":"250788100000"}],"amount":"100"}]"#
    let file = try home.file(Sealing(by: [home.keys.maker]).seal(Array(array.utf8), to: home.processor))
    let report = try home.process(file, options + ["--currency", "RWF"])
    #expect(report.status == 65 || report.status == 64, "\(report)")
    #expect(try home.balance() == TestHome.funded)
    #expect(try home.process(file, ["--batch-id", "G-1", "--currency", "RWF"]).status == 0)
    #expect(try home.balance() == TestHome.funded - 100)
  }
}
