import Envelope
import TestKit
import Testing

@Suite("The framing of a sealed file, looked at without a key")
struct SealedFramingTests {
  /// Ways to encrypt: with lengths that are told in front, and in pieces until an end.
  private static let forms = [
    ["-binary", "-aes-256-gcm"], ["-binary", "-stream", "-aes-256-gcm"], ["-binary", "-aes-256-cbc"],
    ["-binary", "-stream", "-aes-256-cbc"],
  ]

  @Test("is whole with the last byte, and with no byte less", arguments: forms)
  func prefixes(form: [String]) throws {
    var sealing = try Sealing()
    sealing.encryptOptions = form
    let bytes = try sealing.encrypt([UInt8](repeating: 7, count: 10_000))
    let path = try sealing.directory.write(bytes, as: "whole")
    #expect(try SealedFraming(ofFileAt: path) == .whole)
    for count in [0, 1, 2, 5, 30, bytes.count / 2, bytes.count - 40, bytes.count - 3, bytes.count - 1] {
      let path = try sealing.directory.write(Array(bytes.prefix(count)), as: "cut")
      #expect(try SealedFraming(ofFileAt: path) == .endsEarly, "of \(count) bytes of \(bytes.count)")
    }
  }

  @Test(
    "is none of a file that is no sealed one",
    arguments: ["{}", "-----BEGIN CMS-----\nMIA", "1,2\n", "0\u{3}\u{2}\u{1}\u{5}"])
  func none(text: String) throws {
    let directory = try TemporaryDirectory()
    #expect(try SealedFraming(ofFileAt: directory.write(Array(text.utf8), as: "file")) == .none)
  }

  @Test("is none where more stands behind the end")
  func more() throws {
    let sealing = try Sealing()
    let path = try sealing.directory.write(sealing.encrypt([1, 2, 3]) + [0], as: "more")
    #expect(try SealedFraming(ofFileAt: path) == .none)
  }

  @Test("is not looked for behind a link, or where nothing is")
  func link() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(Array("{}".utf8), as: "file")
    try TestKit.Command.tool("ln", ["-s", file, directory.file("link")])
    #expect(throws: EnvelopeError.self) { try SealedFraming(ofFileAt: directory.file("link")) }
    #expect(throws: EnvelopeError.self) { try SealedFraming(ofFileAt: directory.file("nothing")) }
  }
}
