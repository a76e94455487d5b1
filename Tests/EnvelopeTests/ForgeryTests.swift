import Cryptography
import Envelope
import Testing

@Suite("forgeries and damage")
struct ForgeryTests {
  @Test("any one byte changed is refused, or was never read: another content is never given out")
  func everyByte() throws {
    let sealing = try Sealing()
    let sealed = try sealing.seal()
    for index in sealed.indices {
      var forged = sealed
      forged[index] ^= 0x01
      do {
        let opened = try sealing.open(forged)
        #expect(try opened.document() == Sealing.document)
        #expect(try opened.signers == [TestKey.maker.get().certificate])
      } catch {
        #expect((error as? EnvelopeError)?.isRejection == true, "byte \(index): \(error)")
      }
    }
  }

  @Test("every bit of nonce, ciphertext and tag is authenticated, and all failures are one")
  func authenticated() throws {
    let sealing = try Sealing()
    let tree = EnvelopedTree(try sealing.seal())
    var messages: Set<String> = []
    func expectRefused(_ bend: (inout EnvelopedTree) -> Void) throws {
      var forged = tree
      bend(&forged)
      let error = try sealing.refusal(forged.encoded())
      #expect(error.code == "cannot-decrypt")
      messages.insert(error.message)
    }
    for index in tree.gcmNonce.indices { try expectRefused { $0.gcmNonce[index] ^= 0x80 } }
    for index in tree.mac.indices { try expectRefused { $0.mac[index] ^= 1 } }
    for index in stride(from: 0, to: tree.ciphertext.count, by: 5) { try expectRefused { $0.ciphertext[index] ^= 4 } }
    try expectRefused { $0.ciphertext.removeLast() }
    try expectRefused { $0.ciphertext.removeFirst() }
    try expectRefused { $0.ciphertext = [] }
    #expect(messages.count == 1)
  }

  @Test("a content key that does not unwrap is refused like any other damage", arguments: OpeningTests.recipients)
  func contentKey(recipient: OpeningTests.Recipient) throws {
    var sealing = try Sealing(recipients: [recipient.key.get()])
    sealing.recipientOptions = recipient.options
    var tree = EnvelopedTree(try sealing.seal())
    // The encrypted key is the last octet string of the recipient info.
    func bend(_ node: inout BERTree) -> Bool {
      if node.identifier == 0x04 {
        node.content[node.content.count / 2] ^= 1
        return true
      }
      for index in node.children.indices.reversed() where bend(&node.children[index]) { return true }
      return false
    }
    #expect(bend(&tree.body.children[1]))
    let error = try sealing.refusal(tree.encoded())
    #expect(error.code == "cannot-decrypt")
    #expect(error.message == EnvelopeError.cannotDecrypt(detail: "").message)
  }

  @Test("a tag of any other length than 16 bytes is refused before any key is used")
  func tagLength() throws {
    let sealing = try Sealing()
    let tree = EnvelopedTree(try sealing.seal())
    for count in [0, 1, 4, 12, 15, 17] {
      var forged = tree
      forged.ciphertext[0] ^= 1
      forged.mac = Array((tree.mac + [0]).prefix(count))
      // With a key that can't open it: the refusal comes from the framing.
      let error = #expect(throws: EnvelopeError.self) { try sealing.open(forged.encoded(), with: []) }
      #expect(error?.code == "unsupported-encoding")
      forged.gcmTagLength = [UInt8(count)]
      let declared = #expect(throws: EnvelopeError.self) { try sealing.open(forged.encoded(), with: []) }
      #expect(declared?.code == "unsupported-encoding")
      forged.mac = tree.mac
      let declaredOnly = #expect(throws: EnvelopeError.self) { try sealing.open(forged.encoded(), with: []) }
      #expect(declaredOnly?.code == "unsupported-encoding")
    }
  }

  @Test("a nonce that is not of 12 bytes, or a tag length left to its default, is refused")
  func gcmParameters() throws {
    let sealing = try Sealing()
    let tree = EnvelopedTree(try sealing.seal())
    for count in [0, 8, 11, 13, 16] {
      var forged = tree
      forged.gcmNonce = Array((tree.gcmNonce + [0, 0, 0, 0]).prefix(count))
      #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
    }
    var forged = tree
    forged.cipher.children[1].children.removeLast()
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
  }

  // The last arcs of NIST's AES-256 modes.
  @Test("any cipher but GCM in AuthEnvelopedData is refused", arguments: [41, 42, 43, 44, 45, 47, 48] as [UInt8])
  func modes(arc: UInt8) throws {
    let sealing = try Sealing()
    var forged = EnvelopedTree(try sealing.seal())
    forged.cipher.children[0].content[8] = arc
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
    forged.cipher.children[1] = BERTree(identifier: 0x04, content: [UInt8](repeating: 0, count: 16))
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
  }

  @Test("GCM in EnvelopedData, and any other cipher there, is refused")
  func enveloped() throws {
    var sealing = try Sealing()
    sealing.encryptOptions = ["-binary", "-aes-256-cbc"]
    let tree = EnvelopedTree(try sealing.seal())
    for arc in [41, 43, 44, 46] as [UInt8] {
      var forged = tree
      forged.cipher.children[0].content[8] = arc
      #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
    }
    for cipher in ["-des3", "-aes-192-cbc", "-camellia-256-cbc"] {
      sealing.encryptOptions = ["-binary", cipher]
      let error = try sealing.refusal(sealing.seal())
      #expect(error.code == "unsupported-encoding" && error.message.contains("-aes-256-gcm"))
    }
  }

  @Test("a GCM file that was relabelled as EnvelopedData without its tag is refused")
  func relabelled() throws {
    let sealing = try Sealing()
    var forged = EnvelopedTree(try sealing.seal())
    forged.root.children[0] = BERTree(
      identifier: 0x06, content: [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03])
    forged.body.children.removeLast()
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
  }

  @Test("authenticated, unauthenticated and unprotected attributes are refused")
  func attributes() throws {
    var sealing = try Sealing()
    let attributes = BERTree(identifier: 0xA1)
    let tree = EnvelopedTree(try sealing.seal())
    var forged = tree
    forged.body.children.insert(attributes, at: 3)
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
    forged = tree
    forged.body.children.append(BERTree(identifier: 0xA2))
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
    sealing.encryptOptions = ["-binary", "-aes-256-cbc"]
    forged = EnvelopedTree(try sealing.seal())
    forged.body.children.append(attributes)
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
  }

  @Test("whatever is wrong inside a CBC file, the answer is one: padding, structure, signature or content")
  func cbcOracle() throws {
    var sealing = try Sealing()
    sealing.encryptOptions = ["-binary", "-aes-256-cbc"]
    let tree = EnvelopedTree(try sealing.seal())
    var answers: Set<String> = []
    for index in stride(from: 0, to: tree.ciphertext.count, by: 3) {
      var forged = tree
      forged.ciphertext[index] ^= 1
      do {
        // A certificate's own signature is nothing that is looked at here.
        #expect(try sealing.open(forged.encoded()).document() == Sealing.document)
      } catch let error as EnvelopeError {
        answers.insert(error.description)
      }
    }
    for content in try [Sealing.document, [0], sealing.sign(Array("hello".utf8))] {
      answers.insert(try sealing.refusal(sealing.encrypt(content)).description)
    }
    #expect(answers == [EnvelopeError.cannotDecrypt(detail: "").description])
  }

  @Test("a file cut anywhere is truncated", arguments: ["-aes-256-gcm", "-aes-256-cbc"], [[], ["-stream"]])
  func truncation(cipher: String, stream: [String]) throws {
    var sealing = try Sealing()
    sealing.encryptOptions = ["-binary", cipher] + stream
    let sealed = try sealing.seal()
    for count in 0..<sealed.count {
      let error = #expect(throws: EnvelopeError.self) { try sealing.open(Array(sealed.prefix(count))) }
      #expect(error?.code == "truncated", "\(count) of \(sealed.count) bytes")
    }
  }

  @Test("bytes after either layer are refused")
  func trailing() throws {
    let sealing = try Sealing()
    for tail in [[0], [0, 0], Array("\n".utf8)] as [[UInt8]] {
      #expect(try sealing.code(sealing.seal() + tail) == "unsupported-encoding")
      #expect(try sealing.code(sealing.encrypt(sealing.sign(Sealing.document) + tail)) == "unsupported-encoding")
    }
  }

  @Test("a signed layer cut anywhere inside a good outer layer never opens, and is no unfinished file")
  func innerTruncation() throws {
    let sealing = try Sealing()
    let signed = try sealing.sign(Sealing.document)
    for count in stride(from: 1, to: signed.count, by: 97) {
      #expect(try sealing.code(sealing.encrypt(Array(signed.prefix(count)))) == "unsupported-encoding")
    }
  }

  @Test("elements nested without end, absurd lengths and foreign elements are refused")
  func hostileFraming() throws {
    let sealing = try Sealing()
    let nested = [[UInt8]](repeating: [0x30, 0x80], count: 5_000).flatMap { $0 }
    #expect(try sealing.code(nested) != "opened")
    let tree = EnvelopedTree(try sealing.seal())
    var forged = tree
    var octets = BERTree(identifier: 0x04, content: [1])
    for _ in 0..<200 { octets = BERTree(identifier: 0x24, children: [octets]) }
    octets.identifier = 0xA0
    forged.contentInfo.children[2] = octets
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
    #expect(try sealing.code([0x30, 0x88] + [UInt8](repeating: 0x7F, count: 8)) == "unsupported-encoding")
    #expect(try sealing.code([0x30, 0x89] + [UInt8](repeating: 0x01, count: 9)) == "unsupported-encoding")
    forged = tree
    forged.body.children.insert(BERTree(identifier: 0x05), at: 1)
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
    forged = tree
    forged.contentInfo.children[2] = BERTree(
      identifier: 0xA0, children: [BERTree(identifier: 0x02, content: tree.ciphertext)])
    #expect(try sealing.code(forged.encoded()) == "unsupported-encoding")
  }
}
