import TestKit
import Testing

@Suite("Several files in one command") struct SeveralFilesTests {
  @Test("one that can't be read, and one that is not due, do not hold up the others") func goesOn() throws {
    let home = try TestHome()
    let first = try home.sealed(.payments("B-1", [100]))
    let missing = home.directory.file("none.p7m")
    let early = try home.sealed(BatchDocument.payments("B-2", [100]).with("executeAt", #""2090-01-01T00:00:00Z""#))
    let last = try home.sealed(.payments("B-3", [100]))
    let report = try home.report(["process", first, missing, early, last])
    #expect(report.status == 74)
    let batches = try report.json["batches"].elements
    #expect(
      batches.map(\.["status"].text)
        == ["COMPLETED", "NOT_PROCESSED", "NOT_PROCESSED", "COMPLETED"], "\(report)")
    #expect(batches.map(\.["file"].text) == [first, missing, early, last])
    #expect(batches.dropFirst().first?["errors"][0]["message"].text?.contains("none.p7m") == true)
    #expect(batches.dropFirst(2).first?["errors"][0]["code"].text == "not-before")
    #expect(report.stderr.split(separator: "\n").filter { $0.hasPrefix("error: ") }.count == 2, "\(report)")
    #expect(try home.balance() == TestHome.funded - 200)
  }

  @Test("the gravest decides: a batch that is not due alone ends with 69") func gravest() throws {
    let home = try TestHome()
    let early = try home.sealed(BatchDocument.payments("B-2", [100]).with("executeAt", #""2090-01-01T00:00:00Z""#))
    #expect(try home.report(["process", early, home.sealed(.payments("B-3", [100]))]).status == 69)
  }

  @Test("what concerns every file stops at the first, and the others are named") func stops() throws {
    let home = try TestHome()
    let files = try [home.sealed(.payments("B-1", [100])), home.sealed(.payments("B-2", [100]))]
    // A register that can't be read can't tell whose file it is.
    _ = try home.directory.write([UInt8]("{".utf8), as: "home/partners/broken.yaml")
    let report = try home.report(["process"] + files)
    #expect(report.status == 78, "\(report)")
    #expect(try report.json["batches"].elements.map(\.["status"].text) == ["NOT_PROCESSED", "NOT_PROCESSED"])
    #expect(try !report.json["error"]["code"].isNull)
    for file in files { #expect(report.stderr.contains("note:  \(file) was not processed")) }
  }
}
