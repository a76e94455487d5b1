import Batch
import Cryptography
import Foundation
import Pipeline
import Station
import TestKit
import Testing

@Suite("Keys that are rotated") struct KeyRotationTests {
  /// The certificate that partners encrypt to, and the file for verifying, as they are now.
  private func export(_ home: TestHome, _ options: String...) throws -> String {
    let path = home.directory.file("processor-\(UUID().uuidString).crt")
    try home.expectSuccess(["key", "export", "-o", path] + options)
    return path
  }

  private func sealed(_ batchID: String, to processor: String, _ home: TestHome) throws -> String {
    try home.file(
      Sealing(by: [home.keys.maker]).seal(BatchDocument.payments(batchID, [100]).bytes, to: processor))
  }

  private func state(_ home: TestHome, _ purpose: String) throws -> [String?] {
    try home.report(["key", "list"]).json["keys"].elements.filter { $0["purpose"].text == purpose }
      .map(\.["state"].text)
  }

  @Test("a file sealed to the old certificate and one sealed to the new are both opened, and the results verify")
  func overlap() throws {
    let home = try TestHome()
    let result = try home.report(["key", "rotate", "--old-ends", "90d"])
    #expect(result.status == 0, "\(result)")
    let new = try export(home)
    for (batchID, processor) in [("B-1", home.processor), ("B-2", new)] {
      let report = try home.process(sealed(batchID, to: processor, home))
      #expect(report.status == 0, "\(report)")
      let path = try #require(try report.json["batches"][0]["result"].text)
      #expect(try JSON(object: Sealing.open(path, as: home.keys, from: new))["status"].text == "COMPLETED")
      #expect(throws: (any Error).self, "the old signing certificate still verifies") {
        try Sealing.open(path, as: home.keys, from: home.processor)
      }
    }
  }

  @Test("after the old end the old certificate is not for us, and the new one is") func ended() async throws {
    let home = try TestHome()
    let end = try #require(
      try home.report(["key", "rotate", "--old-ends", "10d"]).json["oldEnds"].text.flatMap(Timestamp.init(rfc3339:)))
    let new = try export(home)
    let clock = try TestClock(Timestamp(millisecondsSinceEpoch: end.millisecondsSinceEpoch - 1_000).rfc3339)
    let station = try await Station(openingHomeAt: home.path, clock: clock)
    // One processor throughout, as in a daemon: its keys end under it.
    let processor = try await station.processor()
    #expect(try await processor.process(sealed("B-1", to: home.processor, home)).status == .completed)
    try clock.set(end.rfc3339)
    let late = try await processor.process(sealed("B-2", to: home.processor, home))
    #expect(late.rejection?.code == .notForUs)
    #expect(try await processor.process(sealed("B-3", to: new, home)).status == .completed)
    #expect(try station.keyList().filter { $0.purpose == .encryption }.map(\.isInForce) == [false, true])
  }

  @Test("who is at work sees a rotation with the next file") func whileAtWork() async throws {
    let home = try TestHome()
    let processor = try await Station(openingHomeAt: home.path).processor()
    #expect(try await processor.process(sealed("B-1", to: home.processor, home)).status == .completed)
    try home.expectSuccess(["key", "rotate", "--old-ends", "0d"])
    let new = try export(home)
    #expect(try await processor.process(sealed("B-2", to: home.processor, home)).rejection?.code == .notForUs)
    let report = try await processor.process(sealed("B-3", to: new, home))
    #expect(report.status == .completed)
    #expect(try !Sealing.open(#require(report.resultPath), as: home.keys, from: new).isEmpty)
  }

  @Test("the old pairs end at the sooner of what was said and their certificates' end") func sooner() async throws {
    let home = try TestHome()
    let validity = try #require(try home.report(["key", "list"]).json["keys"][0]["validUntil"].text)
    #expect(try home.report(["key", "rotate", "--old-ends", "3650d"]).status == 0)
    #expect(try home.report(["key", "list"]).json["keys"][0]["ends"].text == validity)
    let sooner = try #require(try home.report(["key", "rotate", "--old-ends", "5d"]).json["oldEnds"].text)
    #expect(try home.report(["key", "rotate", "--old-ends", "9d"]).status == 0)
    let ends = try home.report(["key", "list"]).json["keys"].elements.prefix(3).map(\.["ends"].text)
    #expect(ends[0] == sooner && ends[1] == sooner, "\(ends)")
    #expect(ends[2] != sooner)
  }

  @Test("key list tells current, overlapping and ended pairs") func states() throws {
    let home = try TestHome()
    try home.expectSuccess(["key", "rotate", "--old-ends", "0d"])
    try home.expectSuccess(["key", "generate"])
    for purpose in ["encryption", "signing"] {
      #expect(try state(home, purpose) == ["ended", "overlapping", "current"])
    }
    let table = try home.run(["key", "list"]).stdout
    for words in ["ended 20", "opens until 20", "counts until 20", "current"] { #expect(table.contains(words)) }
  }

  @Test("a pair that was generated beside does not end the old one") func generated() throws {
    let home = try TestHome()
    try home.expectSuccess(["key", "generate"])
    let keys = try home.report(["key", "list"]).json["keys"].elements
    #expect(keys[0]["ends"].text == keys[0]["validUntil"].text)
    #expect(try home.process(sealed("B-1", to: home.processor, home)).status == 0)
  }

  @Test("export gives the current pair, and with --all those still in force behind it") func exports() throws {
    let home = try TestHome()
    try home.expectSuccess(["key", "rotate", "--old-ends", "0d"])
    let second = try Certificate.all(inPEM: String(contentsOfFile: export(home), encoding: .utf8))
    try home.expectSuccess(["key", "rotate"])
    let third = try Certificate.all(inPEM: String(contentsOfFile: export(home), encoding: .utf8))
    #expect(third.count == 2)
    let all = try Certificate.all(inPEM: String(contentsOfFile: export(home, "--all"), encoding: .utf8))
    #expect(all == third + second)
  }

  @Test("one export with --all verifies results of before and after a rotation") func exportVerifies() throws {
    let home = try TestHome()
    let before = try home.process(sealed("B-1", to: home.processor, home)).json["batches"][0]["result"].text
    try home.expectSuccess(["key", "rotate"])
    let all = try export(home, "--all")
    let after = try home.process(sealed("B-2", to: all, home)).json["batches"][0]["result"].text
    for result in [before, after] {
      #expect(try !Sealing.open(#require(result), as: home.keys, from: all).isEmpty)
    }
  }

  @Test("the ends are in files that are their owner's alone, and one that is damaged stops the work")
  func endsFile() throws {
    let home = try TestHome()
    try home.expectSuccess(["key", "rotate"])
    let path = "\(home.path)/keys/encryption-1.ends"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    try home.edit(path) { _ in "2027-02-01\n" }
    let file = try sealed("B-1", to: home.processor, home)
    let report = try home.process(file)
    #expect(report.status == 78, "\(report)")
    #expect(report.stderr.contains("encryption-1.ends"))
    #expect(try home.balance() == TestHome.funded)
  }

  @Test("a rotation keeps the kind of the key, and takes another that is named") func algorithm() throws {
    let home = try TestHome()
    try home.expectSuccess(["key", "rotate", "--algorithm", "ec-p384"])
    try home.expectSuccess(["key", "rotate"])
    let keys = try home.report(["key", "list"]).json["keys"].elements.map(\.["algorithm"].text)
    #expect(keys == ["EC P-256", "EC P-384", "EC P-384", "EC P-256", "EC P-384", "EC P-384"])
  }

  @Test(
    "an end that is none, or is over, changes nothing",
    arguments: ["soon", "-1d", "4000d", "2020-01-01T00:00:00Z", "2027-02-01"])
  func badEnd(word: String) throws {
    let home = try TestHome()
    let result = try home.report(["key", "rotate", "--old-ends=\(word)"])
    #expect(result.status == 64, "\(result)")
    #expect(try state(home, "encryption") == ["current"])
    #expect(!FileManager.default.fileExists(atPath: "\(home.path)/keys/encryption-1.ends"))
  }

  @Test("a key whose certificate was never written does not stand in the way of the next") func interrupted() throws {
    let home = try TestHome()
    try Command.tool("cp", ["\(home.path)/keys/signing-1.key", "\(home.path)/keys/signing-2.key"])
    try home.expectSuccess(["key", "rotate"])
    #expect(try home.process(sealed("B-1", to: export(home), home)).status == 0)
  }
}
