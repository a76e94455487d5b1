import Cryptography
import Testing

@Suite("Nonces of sealed secrets")
struct NonceTests {
  @Test("differ from one secret to the next, beyond what is drawn at once")
  func distinct() throws {
    let box = try AES256GCM(key: SymmetricKey.generate())
    let sealed = try (0..<200).map { _ in try box.seal([1, 2, 3]) }
    #expect(Set(sealed.map { Array($0.prefix(12)) }).count == 200)
    for bytes in sealed { #expect(try box.open(bytes) == [1, 2, 3]) }
  }
}
