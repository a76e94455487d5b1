import Crypto
import Envelope
import Foundation
import Testing

@Test("measure", .enabled(if: ProcessInfo.processInfo.environment["MEASURE"] != nil))
func measure() throws {
  let keys = "/tmp/bench/keys/"
  let pair = try KeyPair(
    certificate: Certificate(pem: String(contentsOfFile: keys + "processor.crt", encoding: .utf8)),
    privateKey: PrivateKey(pem: String(contentsOfFile: keys + "processor.key", encoding: .utf8)))
  let clock = ContinuousClock()
  for path in ["/tmp/bench/b.p7m"] {
    var file: SealedFile?
    print("pass one", try clock.measure { file = try SealedFile(path: path, openedWith: KeyRing([pair])) })
    print(file?.signers as Any, file?.isGzip as Any)
    print("pass two", try clock.measure { print(try file?.readDocument { _ in } as Any) })
  }
  let json = try bytes(ofFile: "/tmp/bench/b.json")
  for level in [1, 3, 6, nil] {
    let directory = try TemporaryDirectory()
    let time = try clock.measure {
      let writer = try SealedFileWriter(
        path: directory.file("x"), signers: [pair], recipients: [pair.certificate], compressionLevel: level)
      for start in stride(from: 0, to: json.count, by: 1 << 16) {
        try json[start..<min(json.count, start + 1 << 16)].withUnsafeBytes { try writer.write($0) }
      }
      _ = try writer.finish()
    }
    print("level", level as Any, time, try directory.read("x").count)
    var file: SealedFile?
    print(
      "pass one", try clock.measure { file = try SealedFile(path: directory.file("x"), openedWith: KeyRing([pair])) })
    print("pass two", try clock.measure { print(try file?.readDocument { _ in } as Any) })
    try Command.openssl(
      "cms", "-decrypt", "-inform", "DER", "-in", directory.file("x"), "-out", directory.file("y"),
      "-recip", keys + "processor.crt", "-inkey", keys + "processor.key", "-binary")
    try Command.openssl(
      "cms", "-verify", "-inform", "DER", "-in", directory.file("y"), "-out", directory.file("z"),
      "-CAfile", keys + "processor.crt", "-binary")
    if level == nil { #expect(try directory.read("z") == json) }
  }
}
