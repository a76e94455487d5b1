import Cryptography
import Envelope
import Foundation
import Testing

@Suite("limits and changes")
struct LimitTests {
  @Test("a document that unpacks beyond the ratio is stopped on its way")
  func ratio() throws {
    let sealing = try Sealing()
    let bomb = try sealing.seal(sealing.gzip([UInt8](repeating: UInt8(ascii: "["), count: 64 << 20)))
    let opened = try sealing.open(bomb)
    var seen = 0
    let error = #expect(throws: EnvelopeError.self) { try opened.readDocument { seen += $0.count } }
    #expect(error?.code == "batch-too-large")
    #expect(seen < 20 << 20)
  }

  @Test("a document larger than its limit is refused, packed or plain; one of exactly the limit is not")
  func documentSize() throws {
    let sealing = try Sealing()
    let document = Sealing.document + [UInt8](repeating: 0x20, count: 10_000)
    for content in try [document, sealing.gzip(document)] {
      let sealed = try sealing.seal(content)
      #expect(try sealing.code(sealed, limits: .init(maximumDocumentBytes: document.count - 1)) == "batch-too-large")
      #expect(try sealing.code(sealed, limits: .init(maximumDocumentBytes: document.count)) == "opened")
    }
  }

  @Test("a sealed file larger than its limit is refused before anything is read")
  func sealedSize() throws {
    let sealing = try Sealing()
    let sealed = try sealing.seal()
    #expect(try sealing.code(sealed, limits: .init(maximumSealedBytes: sealed.count - 1)) == "batch-too-large")
    #expect(try sealing.code(sealed, limits: .init(maximumSealedBytes: sealed.count)) == "opened")
  }

  @Test("gzip that is cut, damaged or followed by other bytes is refused")
  func damagedGzip() throws {
    let sealing = try Sealing()
    let packed = try sealing.gzip(Sealing.document)
    var flipped = packed
    flipped[packed.count - 6] ^= 1
    let zeros = packed + [UInt8](repeating: 0, count: 8)
    for content in [Array(packed.dropLast()), flipped, packed + Array("tail".utf8), zeros, Array(packed.prefix(12))] {
      let opened = try sealing.open(sealing.seal(content))
      let error = #expect(throws: EnvelopeError.self) { try opened.readDocument { _ in } }
      #expect(error?.code == "unsupported-encoding" && error?.message.contains("gzip") == true)
    }
  }

  /// Overwrites a file in place and puts its time stamps back, as one would who wants it unseen.
  private func overwrite(_ path: String, with bytes: [UInt8]) throws {
    let date = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: date as Any], ofItemAtPath: path)
  }

  @Test("a file that was overwritten between the passes is found out, time stamps put back or not")
  func changedBetweenPasses() throws {
    let sealing = try Sealing()
    let first = try sealing.seal(Array(#"{"batchID":"B-1"}"#.utf8))
    let second = try sealing.seal(Array(#"{"batchID":"B-2"}"#.utf8))
    let tree = EnvelopedTree(first)
    var damaged = tree
    damaged.ciphertext[damaged.ciphertext.count / 2] ^= 1
    for other in [second, damaged.encoded()] {
      for hidesIt in [true, false] {
        let path = try sealing.directory.write(first, as: "sealed-\(UUID().uuidString)")
        let opened = try SealedFile(path: path, openedWith: KeyRing(sealing.recipients.map(\.pair)))
        if hidesIt {
          try overwrite(path, with: other)
        } else {
          try Data(other).write(to: URL(filePath: path), options: [])
        }
        if hidesIt {
          #expect(throws: EnvelopeError.changed(path: path)) { try opened.readDocument { _ in } }
        } else {
          // Data.write replaces the file or writes into it; either way nothing but the verified bytes comes out.
          let outcome = Result { try opened.document() }
          switch outcome {
          case .success(let bytes): #expect(bytes == Array(#"{"batchID":"B-1"}"#.utf8))
          case .failure(let error): #expect(error as? EnvelopeError == .changed(path: path))
          }
        }
      }
    }
  }

  @Test("a file put in the place of an opened one is not seen")
  func replaced() throws {
    let sealing = try Sealing()
    let path = try sealing.directory.write(sealing.seal(), as: "sealed")
    let opened = try SealedFile(path: path, openedWith: KeyRing(sealing.recipients.map(\.pair)))
    try FileManager.default.removeItem(atPath: path)
    _ = try sealing.directory.write(Array("another".utf8), as: "sealed")
    #expect(try opened.document() == Sealing.document)
  }
}
