import TestKit
import Testing

@Suite("Reports have one shape") struct ReportShapeTests {
  @Test("partner remove, key export and seal report in JSON") func json() throws {
    let home = try TestHome()
    let output = home.directory.file("again.crt")
    #expect(try home.report(["key", "export", "-o", output]).json["file"].text == output)
    let certificates = try home.report(["key", "export"]).json["certificates"].text
    #expect(try certificates == String(decoding: home.directory.read("again.crt"), as: UTF8.self))
    let sealed = home.directory.file("sealed.p7m")
    let document = try home.directory.write(BatchDocument.payments("B-1", [100]).bytes, as: "batch.json")
    let report = try home.report([
      "seal", document, "-o", sealed, "--signer-cert", home.keys.maker.certificate, "--signer-key",
      home.keys.maker.key, "--recipient", home.processor,
    ])
    #expect(try report.json["file"].text == sealed)
    #expect(try home.report(["partner", "remove", TestHome.partner]).json["removed"].text == TestHome.partner)
  }

  @Test("an error of those is one object as well") func jsonErrors() throws {
    let home = try TestHome()
    #expect(try !home.report(["partner", "remove", "nobody"]).json["error"]["code"].isNull)
    let seal = ["seal", home.directory.file("none"), "-o", home.directory.file("x"), "--signer-cert"]
    let keys = [home.keys.maker.certificate, "--signer-key", home.keys.maker.key, "--recipient", home.processor]
    #expect(try home.report(seal + keys).json["error"]["code"].text == "unreadable")
  }

  @Test("a usage error is told as other errors are") func usage() throws {
    let result = try Program.run(["process"])
    #expect(result.status == 64)
    #expect(result.stderr.hasPrefix("error: "), "\(result)")
    #expect(result.stderr.contains("\nUsage: disburse process"), "\(result)")
  }

  @Test("a list spells the status as documents do") func statusInList() throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(.payments("B-1", [100]))).status == 0)
    #expect(try home.run(["batch", "list"]).stdout.contains(" COMPLETED "))
  }

  @Test("a payee's number is found with its plus and without") func payee() throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(.payments("B-1", [100, 200]))).status == 0)
    let found = try home.report(["batch", "detail", "B-1", "--payee", "+\(BatchDocument.payee(1))"])
    #expect(try found.json["instructions"].elements.map(\.["instructionID"].text) == ["B-1-1"])
  }

  @Test(
    "a command that only has commands has an example too",
    arguments: ["key", "partner", "wallet", "wallet account", "voucher", "voucher group", "batch"])
  func examples(command: String) throws {
    let help = try Program.run(command.split(separator: " ").map(String.init) + ["--help"]).stdout
    let example = help.split(separator: "EXAMPLE\n", maxSplits: 1).last?
      .split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
    #expect(example?.first?.hasPrefix("  disburse \(command) ") == true, "\(help)")
    #expect(example?.allSatisfy { $0.hasPrefix("  ") } == true, "\(help)")
  }

  @Test("a funding with a reference counts once, and not for another amount") func reference() throws {
    let home = try TestHome()
    for _ in 0..<2 { try home.expectSuccess(["wallet", "fund", TestHome.partner, "50", "RWF", "--reference", "L-1"]) }
    #expect(try home.balance() == TestHome.funded + 50)
    #expect(try home.run(["wallet", "fund", TestHome.partner, "60", "RWF", "--reference", "L-1"]).status == 64)
    #expect(try home.balance() == TestHome.funded + 50)
  }
}
