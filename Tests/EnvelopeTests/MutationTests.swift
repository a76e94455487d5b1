import Cryptography
import Envelope
import Testing

@Suite("mutations")
struct MutationTests {
  /// SplitMix64: the same mutations from the same seed.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private func mutate(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let position = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, position + Int.random(in: 1...40, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[position] = .random(in: 0...255, using: &generator)
      case 1: bytes[position] = [0x00, 0x80, 0x30, 0x24, 0x04, 0xA0, 0x84, 0xFF].randomElement(using: &generator) ?? 0
      case 2: bytes.removeSubrange(position..<end)
      case 3: bytes.insert(contentsOf: bytes[position..<end], at: position)
      default: bytes.insert(.random(in: 0...255, using: &generator), at: position)
      }
      if bytes.isEmpty { bytes = [0x30] }
    }
    return bytes
  }

  private func expectRefusedOrSame(_ sealing: Sealing, _ sealed: [UInt8], _ seed: UInt64) throws {
    do {
      #expect(try sealing.open(sealed).document() == Sealing.document, "seed \(seed)")
    } catch {
      #expect((error as? EnvelopeError)?.isRejection == true, "seed \(seed): \(error)")
    }
  }

  @Test(
    "a mutated outer layer is refused as the file's fault, or says the same",
    arguments: ["-aes-256-gcm", "-aes-128-cbc"])
  func outer(cipher: String) throws {
    var sealing = try Sealing(recipients: [TestKey.rsa2048.get(), TestKey.p256.get()])
    sealing.encryptOptions = ["-binary", cipher, "-stream"]
    let sealed = try sealing.seal()
    for seed in 0..<500 as Range<UInt64> {
      var generator = Generator(state: seed)
      try expectRefusedOrSame(sealing, mutate(sealed, &generator), seed)
    }
  }

  @Test("a mutated signed layer under a good outer layer is refused as the file's fault, or says the same")
  func inner() throws {
    var sealing = try Sealing(signers: [TestKey.maker.get(), TestKey.checker.get()])
    sealing.encryptOptions = ["-binary", "-aes-256-gcm"]
    let signed = try sealing.sign(Sealing.document)
    for seed in 0..<150 as Range<UInt64> {
      var generator = Generator(state: seed)
      try expectRefusedOrSame(sealing, sealing.encrypt(mutate(signed, &generator)), seed)
    }
  }
}
