import Foundation
import TestKit
import Testing

@Suite("What a command that fails answers") struct FailureTests {
  private func expect(
    _ status: Int32, _ code: String, _ home: TestHome, _ command: [String], location: SourceLocation = #_sourceLocation
  ) throws {
    // `seal` has no format, and `open` has one of its own.
    let hasCode = !["seal"].contains(command[0])
    let report = try home.run(command + (hasCode ? ["--format", "json"] : []))
    #expect(report.status == status, "\(report)", sourceLocation: location)
    if hasCode { #expect(try report.json["error"]["code"].text == code, "\(report)", sourceLocation: location) }
  }

  @Test("a file that was sealed to another key") func notForUs() throws {
    let home = try TestHome()
    let batch = try home.sealed(.payments("B-1", [100]))
    let options = ["--cert", home.keys.encryption.certificate, "--key", home.keys.encryption.key]
    try expect(65, "not-for-us", home, ["open", batch] + options)
    var bytes = try TemporaryDirectory.bytes(of: batch)
    bytes[bytes.count - 30] ^= 1
    try expect(65, "cannot-decrypt", home, ["open", home.file(bytes)])
    try expect(65, "not-sealed", home, ["open", home.file("{}".utf8)])
  }

  @Test("a file that is signed by somebody else than who was named") func wrongSigner() throws {
    let home = try TestHome()
    let batch = try home.sealed(.payments("B-1", [100]))
    try expect(77, "unknown-signer", home, ["open", batch, "--signer-cert", home.keys.checker.certificate])
    let stranger = try home.sealed(.payments("B-1", [100]), by: [home.keys.stranger])
    try expect(77, "unknown-signer", home, ["open", stranger])
  }

  @Test("a key and a certificate that do not belong together") func mismatch() throws {
    let home = try TestHome()
    let batch = try home.sealed(.payments("B-1", [100]))
    let options = ["--cert", home.keys.encryption.certificate, "--key", home.keys.maker.key]
    try expect(64, "refused", home, ["open", batch] + options)
    let document = try home.directory.write(BatchDocument.payments("B-1", [100]).bytes, as: "batch.json")
    let output = home.directory.file("batch.p7m")
    let signer = ["--signer-cert", home.keys.maker.certificate, "--signer-key", home.keys.checker.key]
    try expect(64, "refused", home, ["seal", document, "-o", output, "--recipient", home.processor] + signer)
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test("a certificate that nothing can be sealed to") func unfitRecipient() throws {
    let home = try TestHome()
    let recipient = home.directory.file("weak.crt")
    try Command.openssl([
      "req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=weak", "-newkey", "ed25519", "-keyout",
      home.directory.file("weak.key"), "-out", recipient,
    ])
    let document = try home.directory.write(BatchDocument.payments("B-1", [100]).bytes, as: "batch.json")
    let signer = ["--signer-cert", home.keys.maker.certificate, "--signer-key", home.keys.maker.key]
    let output = home.directory.file("batch.p7m")
    try expect(64, "refused", home, ["seal", document, "-o", output, "--recipient", recipient] + signer)
  }

  @Test(
    "a name that nothing has",
    arguments: [
      "batch show NOPE", "batch detail NOPE", "partner show nobody", "partner update nobody", "partner remove nobody",
      "wallet balance nobody", "wallet fund nobody 5 RWF", "wallet account show MSISDN 250788999999",
      "wallet account set MSISDN 250788999999 --state active",
    ])
  func notFound(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let home = try TestHome()
    guard words[1] == "remove" else { return try expect(64, "not-found", home, words) }
    #expect(try home.run(words).status == 64)
  }
}
