import Foundation
import TestKit
import Testing

@Suite("open --format table") struct OpenTableTests {
  private func open(_ home: TestHome, _ file: String, _ options: String...) throws -> Execution {
    try Program.run(
      [
        "open", file, "--cert", home.keys.encryption.certificate, "--key", home.keys.encryption.key, "--signer-cert",
        home.processor,
      ] + options)
  }

  @Test("the columns stand under their titles, and an ID has the room that it needs") func columns() throws {
    let home = try TestHome()
    let long = String(repeating: "I", count: 36)
    let batch = BatchDocument(
      "B-1",
      lines: [
        BatchDocument.credit("short", "100", to: BatchDocument.payee(0)),
        BatchDocument.credit(long, "20000", to: BatchDocument.payee(1)),
        BatchDocument.credit("bad", "0.5", to: BatchDocument.payee(1)),
      ])
    let output = home.directory.file("result.p7m")
    #expect(try home.process(home.sealed(batch), ["-o", output]).status == 2)
    let lines = try open(home, output, "--format", "table").stdout.split(separator: "\n").map(Array.init)
    func end(_ word: String, in line: [Character]) -> Int? {
      String(line).range(of: word).map { String(line).distance(from: String(line).startIndex, to: $0.upperBound) }
    }
    let head = try #require(lines.first)
    #expect(end("AMOUNT", in: head) == end(" 100 ", in: lines[1]).map { $0 - 1 })
    #expect(end("AMOUNT", in: head) == end("20000", in: lines[2]))
    #expect(end("CUR", in: head) == end("RWF", in: lines[1]))
    #expect(end("STATUS", in: head) == end("SUCCES", in: lines[2]))
    #expect(end("STATUS", in: head) == end("FAILED", in: lines[3]))
    #expect(end("DETAIL", in: head) == end("invali", in: lines[3]))
    #expect(String(lines[2]).hasPrefix(long + "  SUCCESSFUL"))
  }

  @Test("a rejected result has no table") func rejected() throws {
    let home = try TestHome()
    let output = home.directory.file("result.p7m")
    let batch = BatchDocument.payments("B-1", [100]).with("control", #"{"count":7}"#)
    #expect(try home.process(home.sealed(batch), ["-o", output]).status == 65)
    let shown = try open(home, output, "--format", "table")
    #expect(shown.status == 0)
    #expect(!shown.stdout.contains("INSTRUCTION"))
    let lines = shown.stdout.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("  - ") } == 1)
    #expect(lines.contains { $0.hasPrefix("  - control-mismatch at /control/count: ") }, "\(shown)")
  }

  @Test("a batch is no result, and that is said", arguments: [false, true]) func batch(isArray: Bool) throws {
    let home = try TestHome()
    let document = isArray ? Array("[]".utf8) : BatchDocument.payments("B-1", [100]).bytes
    let file = try home.file(Sealing(by: [home.keys.maker]).seal(document, to: home.processor))
    let shown = try home.run(["open", file, "--format", "table"])
    #expect(shown.status == 65, "\(shown)")
    #expect(shown.output.isEmpty)
    #expect(shown.stderr.contains("error: \(file): this is a batch, not a result"), "\(shown)")
  }

  @Test("neither a result nor a batch is said to be a batch") func neither() throws {
    let home = try TestHome()
    let file = try home.file(Sealing(by: [home.keys.maker]).seal(#"{"a":1}"#.utf8, to: home.processor))
    let shown = try home.run(["open", file, "--format", "table"])
    #expect(shown.status == 65, "\(shown)")
    #expect(shown.stderr.contains("error: \(file): this is not a result: "), "\(shown)")
  }

  @Test("a table is not written to a file") func tableToFile() throws {
    let home = try TestHome()
    let output = home.directory.file("result.p7m")
    #expect(try home.process(home.sealed(.payments("B-1", [100])), ["-o", output]).status == 0)
    let written = try open(home, output, "--format", "table", "-o", home.directory.file("table"))
    #expect(written.status == 64)
    #expect(throws: (any Error).self) { try home.directory.read("table") }
  }
}
