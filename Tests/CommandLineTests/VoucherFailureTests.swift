import TestKit
import Testing

@Suite("A voucher that is not issued while the others are") struct VoucherFailureTests {
  private func expect(
    _ code: String, in home: TestHome, lines: [String], costs amount: Int, issued: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try home.balance()
    let batch = BatchDocument("B-1", kind: "voucherInstructions", lines: lines)
    let report = try home.process(home.sealed(batch))
    #expect(report.status == 2, "\(report)", sourceLocation: sourceLocation)
    let results = try home.result(of: report)["results"].elements
    #expect(results.filter { !$0["voucherNumber"].isNull }.count == issued, sourceLocation: sourceLocation)
    let failed = results.filter { $0["status"].text == "FAILED" }
    #expect(failed.count == lines.count - issued, sourceLocation: sourceLocation)
    #expect(failed.allSatisfy { $0["reason"]["code"].text == code }, "\(failed)", sourceLocation: sourceLocation)
    #expect(failed.allSatisfy { $0["reason"]["iso"].text == "NARR" }, sourceLocation: sourceLocation)
    #expect(try home.balance() == before - amount, sourceLocation: sourceLocation)
  }

  private func line(_ id: Int, group: String = "SCHOOL", more: String = "") -> String {
    BatchDocument.voucher("B-1-\(id)", "100", group: group, more: more)
  }

  @Test("a group that nobody made") func unknownGroup() throws {
    try expect(
      "voucher-group-unknown", in: TestHome(), lines: [line(0), line(1, group: "UNIFORM")], costs: 100, issued: 1)
  }

  @Test("a group that has no room left: as many are issued as fit, whatever order they come in") func exhausted() throws
  {
    let home = try TestHome()
    try home.expectSuccess(["voucher", "group", "add", "FEW", "--expires-after", "30d", "--capacity", "2"])
    try expect(
      "voucher-group-exhausted", in: home, lines: (0..<5).map { line($0, group: "FEW") }, costs: 200, issued: 2)
  }

  @Test("a serial number that no voucher has") func notFound() throws {
    try expect(
      "voucher-not-found", in: TestHome(), lines: [line(0), line(1, more: #","serialNumber":"9000000000042425""#)],
      costs: 100, issued: 1)
  }

  @Test("the serial number of a voucher that is active already") func alreadyActive() throws {
    let home = try TestHome()
    let first = try home.process(home.sealed(.vouchers("B-0", [100])))
    let serial = try #require(try home.result(of: first)["results"][0]["serialNumber"].text)
    try expect(
      "voucher-state", in: home, lines: [line(0), line(1, more: #","serialNumber":"\#(serial)""#)], costs: 100,
      issued: 1)
  }
}
