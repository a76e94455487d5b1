import Foundation
import TestKit
import Testing

@Suite("Commands that go well") struct CommandTests {
  @Test("init makes a home that is its owner's alone and says what to do next") func initialize() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("home")
    let result = try Program.run(["init", path, "--processor-id", "treasury-disburse"])
    #expect(result.status == 0)
    #expect(result.stdout.contains("disburse key export"))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o700)
    for part in ["disburse.yaml", "keys", "partners", "spool/inbox", "spool/work", "spool/outbox", "spool/archive"] {
      #expect(FileManager.default.fileExists(atPath: "\(path)/\(part)"), "\(part) is missing")
    }
  }

  @Test("key export writes two certificates, the one to encrypt to first") func keyExport() throws {
    let home = try TestHome()
    let text = try home.expectSuccess(["key", "export"]).stdout
    #expect(text.components(separatedBy: "-----BEGIN CERTIFICATE-----").count == 3)
    let first = try Command.openssl(["x509", "-noout", "-subject", "-ext", "keyUsage"], input: Array(text.utf8))
    #expect(String(decoding: first, as: UTF8.self).contains("Key Agreement"))
    #expect(try text == String(decoding: TemporaryDirectory.bytes(of: home.processor), as: UTF8.self))
  }

  @Test(
    "key generate adds a pair, and a file that was sealed to the old one still opens",
    arguments: ["ec-p384", "rsa-3072"])
  func keyGenerate(algorithm: String) throws {
    let home = try TestHome()
    let old = try home.sealed(.payments("B-1", [100]))
    let made = try home.report(["key", "generate", "--algorithm", algorithm])
    #expect(made.status == 0)
    #expect(try made.json["keys"].elements.count == 4)
    try home.expectSuccess(["key", "export", "-o", home.processor])
    let new = try home.sealed(.payments("B-2", [100]))
    let report = try home.report(["process", old, new])
    #expect(report.status == 0, "\(report)")
    // Signed with the new key, which the new export holds.
    #expect(try home.result(of: report, batch: 1)["status"].text == "COMPLETED")
    let list = try home.report(["key", "list"]).json["keys"].elements
    #expect(list.filter { $0["current"].text == "1" }.map(\.["number"].text) == ["2", "2"])
  }

  @Test("a partner is added, shown, changed, listed and removed") func partner() throws {
    let home = try TestHome()
    let added = try home.report([
      "partner", "add", "other-registry", "--signing-cert", home.keys.stranger.certificate, "--encryption-cert",
      home.keys.encryption.certificate, "--programs", "A,B", "--max-instruction", "50000RWF", "--max-instruction",
      "12.50EUR", "--require-control",
    ])
    #expect(added.status == 0)
    #expect(try added.json["maxInstruction"]["EUR"].text == "12.50")
    let shown = try home.report(["partner", "show", "other-registry"])
    #expect(try shown.json.description == added.json.description)
    try home.expectSuccess(["partner", "update", "other-registry", "--programs", "", "--no-require-control"])
    let changed = try home.report(["partner", "show", "other-registry"]).json
    #expect(changed["programs"].isNull)
    #expect(changed["requireControl"].text == "0")
    #expect(changed["maxInstruction"]["RWF"].text == "50000")
    #expect(try home.report(["partner", "list"]).json["partners"].elements.count == 2)
    try home.expectSuccess(["partner", "remove", "other-registry"])
    #expect(try home.report(["partner", "list"]).json["partners"].elements.count == 1)
    #expect(try home.report(["partner", "show", "other-registry"]).status == 64)
  }

  @Test("money is put into a funding account, twice when it is told twice, in each currency by itself") func funding()
    throws
  {
    let home = try TestHome()
    try home.expectSuccess(["wallet", "fund", TestHome.partner, "5.25", "EUR"])
    try home.expectSuccess(["wallet", "fund", TestHome.partner, "5.25", "EUR"])
    let balances = try home.report(["wallet", "balance", TestHome.partner]).json["balances"].elements
    #expect(Set(balances.map(\.description)) == ["{amount: 10.50, currency: EUR}", "{amount: 1000000, currency: RWF}"])
  }

  @Test("a payee's account is opened, changed and shown") func account() throws {
    let home = try TestHome()
    try home.expectSuccess([
      "wallet", "account", "open", "WALLET", "W-1", "--currency", "RWF", "--state", "inactive", "--max-balance",
      "10000RWF",
    ])
    let opened = try home.report(["wallet", "account", "show", "WALLET", "W-1"]).json["balances"][0]
    #expect(opened.description == "{amount: 0, currency: RWF, maxBalance: 10000, state: inactive}")
    try home.expectSuccess(["wallet", "account", "set", "WALLET", "W-1", "--state", "active"])
    let changed = try home.report(["wallet", "account", "show", "WALLET", "W-1"]).json["balances"][0]
    #expect(changed.description == "{amount: 0, currency: RWF, maxBalance: 10000, state: active}")
  }

  @Test("a voucher group is added and listed") func voucherGroup() throws {
    let home = try TestHome()
    let added = try home.report([
      "voucher", "group", "add", "HEALTH", "--expires-after", "365d", "--description", "Insurance", "--capacity", "9",
    ])
    #expect(added.status == 0)
    let groups = try home.report(["voucher", "group", "list"]).json["groups"].elements
    let health = groups.first { $0["code"].text == "HEALTH" }
    #expect(health?.description == "{capacity: 9, code: HEALTH, description: Insurance, expiresAfterDays: 365}")
    #expect(groups.count == 2)
  }

  @Test("what disburse seals, it processes, and openssl opens") func seal() throws {
    let home = try TestHome()
    let document = BatchDocument.payments("B-1", [100]).bytes
    let path = home.directory.file("sealed.p7m")
    let sealed = try Program.run([
      "seal", home.directory.write(document, as: "batch.json"), "-o", path, "--signer-cert",
      home.keys.maker.certificate, "--signer-key", home.keys.maker.key, "--signer-cert", home.keys.checker.certificate,
      "--signer-key", home.keys.checker.key, "--recipient", home.processor, "--recipient",
      home.keys.encryption.certificate,
    ])
    #expect(sealed.status == 0, "\(sealed)")
    let signers = home.directory.file("signers.crt")
    try Data(
      TemporaryDirectory.bytes(of: home.keys.maker.certificate)
        + TemporaryDirectory.bytes(of: home.keys.checker.certificate)
    ).write(to: URL(filePath: signers))
    #expect(try Sealing.open(path, as: home.keys, from: signers) == document)
    try home.update("--require-signatures", "2")
    #expect(try home.process(path).status == 0)
  }

  @Test("a partner opens a result with its own key and without a home") func open() throws {
    let home = try TestHome()
    let output = home.directory.file("result.p7m")
    let report = try home.process(home.sealed(.payments("B-1", [100])), ["-o", output])
    #expect(report.status == 0)
    let options = [
      "--cert", home.keys.encryption.certificate, "--key", home.keys.encryption.key, "--signer-cert", home.processor,
    ]
    let opened = try Program.run(["open", output] + options)
    #expect(opened.status == 0)
    #expect(try opened.output == Sealing.open(output, as: home.keys, from: home.processor))
    #expect(opened.stderr.isEmpty)
    let written = try Program.run(["open", output, "-o", home.directory.file("result.json")] + options)
    #expect(written.output.isEmpty)
    #expect(try home.directory.read("result.json") == opened.output)
  }

  @Test("a result is not opened when somebody else signed it") func openPinned() throws {
    let home = try TestHome()
    let output = home.directory.file("result.p7m")
    #expect(try home.process(home.sealed(.payments("B-1", [100])), ["-o", output]).status == 0)
    let opened = try Program.run([
      "open", output, "--cert", home.keys.encryption.certificate, "--key", home.keys.encryption.key, "--signer-cert",
      home.keys.maker.certificate,
    ])
    #expect(opened.status == 77)
    #expect(opened.output.isEmpty)
  }

  @Test("open shows a result as a table with totals") func openTable() throws {
    let home = try TestHome()
    let output = home.directory.file("result.p7m")
    let batch = BatchDocument(
      "B-1", lines: BatchDocument.payments("B-1", [100]).lines + [BatchDocument.credit("B-1-x", "0.5", to: "1")])
    #expect(try home.process(home.sealed(batch), ["-o", output]).status == 2)
    let table = try Program.run([
      "open", output, "--cert", home.keys.encryption.certificate, "--key", home.keys.encryption.key, "--signer-cert",
      home.processor, "--format", "table",
    ])
    #expect(table.status == 0)
    let lines = table.stdout.split(separator: "\n")
    #expect(lines.first?.hasPrefix("INSTRUCTION") == true)
    #expect(lines.contains { $0.wholeMatch(of: /B-1-0 +SUCCESSFUL +100  RWF  transaction L[0-9]+/) != nil })
    #expect(lines.contains { $0.contains("FAILED") && $0.contains("invalid-amount (AM12)") })
    #expect(lines.contains("2 instructions: 1 succeeded, 1 failed, 0 pending"))
    #expect(lines.last?.hasPrefix("RWF") == true)
  }

  @Test("an operator opens a batch that was sealed to the processor") func openBatch() throws {
    let home = try TestHome()
    let batch = BatchDocument.payments("B-1", [100])
    #expect(try home.expectSuccess(["open", home.sealed(batch)]).output == batch.bytes)
  }

  @Test("check says what would be paid, and keeps nothing") func check() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100, 200]))
    let checked = try home.report(["check", file])
    #expect(checked.status == 0)
    #expect(try checked.json["count"].text == "2")
    #expect(try checked.json["payable"]["RWF"].text == "300")
    #expect(try home.report(["batch", "list"]).json["batches"].elements.isEmpty)
    #expect(try home.balance() == TestHome.funded)
    #expect(try home.process(file).status == 0)
    #expect(try home.report(["check", file]).json["known"].text == "1")
  }

  @Test("batches are listed, newest first, and filtered") func batchList() throws {
    let home = try TestHome()
    for (id, bad) in [("B-1", false), ("B-2", true), ("B-3", false)] {
      let batch = BatchDocument.payments(id, [100])
      _ = try home.process(home.sealed(bad ? batch.with("control", #"{"count":5}"#) : batch))
    }
    func list(_ options: String...) throws -> [String?] {
      try home.report(["batch", "list"] + options).json["batches"].elements.map(\.["batchID"].text)
    }
    #expect(try list() == ["B-3", "B-2", "B-1"])
    #expect(try list("--status", "rejected") == ["B-2"])
    #expect(try list("--limit", "1") == ["B-3"])
    #expect(try list("--partner", "nobody") == [])
  }

  @Test("a batch is shown with its summary and its result") func batchShow() throws {
    let home = try TestHome()
    let report = try home.process(home.sealed(.payments("B-1", [100, 200])))
    let shown = try home.report(["batch", "show", "B-1"]).json
    #expect(shown["status"].text == "COMPLETED")
    #expect(shown["summary"]["amounts"]["RWF"]["succeeded"].text == "300")
    #expect(try shown["result"].text == report.json["batches"][0]["result"].text)
    #expect(try shown["summary"].description == home.result(of: report)["summary"].description)
    #expect(try home.report(["batch", "show", "B-9"]).status == 64)
  }

  @Test("a batch's instructions are paged and filtered") func batchDetail() throws {
    let home = try TestHome()
    let batch = BatchDocument(
      "B-1", lines: BatchDocument.payments("B-1", [100, 200]).lines + [BatchDocument.credit("B-1-x", "0.5", to: "1")])
    #expect(try home.process(home.sealed(batch)).status == 2)
    func detail(_ options: String...) throws -> [String?] {
      try home.report(["batch", "detail", "B-1"] + options).json["instructions"].elements
        .map(\.["instructionID"].text)
    }
    #expect(try detail() == ["B-1-0", "B-1-1", "B-1-x"])
    #expect(try detail("--status", "failed") == ["B-1-x"])
    #expect(try detail("--payee", BatchDocument.payee(1)) == ["B-1-1"])
    #expect(try detail("--limit", "1", "--after", "0") == ["B-1-1"])
    #expect(try detail("--to", "2020-01-01T00:00:00Z") == [])
  }

  @Test("a bare array gets its identity on the command line") func bareArray() throws {
    let home = try TestHome()
    let array = """
      [{"requestId":"G-1","creditParty":[{"key":"msisdn","value":"+250788100000"}],"paymentMode":"MSISDN",
        "amount":"100.00","currency":"RWF","descriptionText":"November"}]
      """
    let file = try home.file(Sealing(by: [home.keys.maker]).seal(array.utf8, to: home.processor))
    #expect(try home.process(file).status == 65)
    let report = try home.process(file, ["--batch-id", "GOV-1", "--source", TestHome.partner])
    #expect(report.status == 0, "\(report)")
    let result = try home.result(of: report)
    #expect(result["batchID"].text == "GOV-1")
    #expect(result["results"][0]["instructionID"].text == "G-1")
    #expect(try home.received(BatchDocument.payee(0)) == 100)
    // The same content under another name would be a second payment, were it not for the instructions' IDs.
    #expect(try home.process(file, ["--batch-id", "GOV-2"]).status == 65)
    #expect(try home.process(file, ["--batch-id", "GOV-1"]).status == 0)
    #expect(try home.balance() == TestHome.funded - 100)
  }

  @Test("a bare array can't be sent in another partner's name") func bareArrayMismatch() throws {
    let home = try TestHome()
    let array =
      #"[{"requestId":"G-1","creditParty":[{"key":"msisdn","value":"250788100000"}],"amount":"1","currency":"RWF"}]"#
    let file = try home.file(Sealing(by: [home.keys.maker]).seal(array.utf8, to: home.processor))
    let report = try home.process(file, ["--batch-id", "GOV-1", "--source", "other-registry"])
    #expect(report.status == 77)
    #expect(try report.json["batches"][0]["errors"][0]["code"].text == "sender-mismatch")
  }
}
