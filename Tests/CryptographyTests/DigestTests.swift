import Cryptography
import Testing

@Suite("digests and codes")
struct DigestTests {
  @Test("SHA-256 of FIPS 180-4's short message is as published")
  func shortMessage() throws {
    let digest = try SHA256.digest(Array("abc".utf8))
    #expect(digest.hexString == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("SHA-256 of no bytes is as published, from an array and from an empty buffer")
  func noBytes() throws {
    let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    #expect(try SHA256.digest([]).hexString == expected)
    #expect(try SHA256.digest(UnsafeRawBufferPointer(start: nil, count: 0)).hexString == expected)
  }

  @Test("a stream gives FIPS 180-4's million letters, and then starts afresh")
  func stream() throws {
    let stream = try SHA256Stream()
    for _ in 0..<1_000 { try stream.update([UInt8](repeating: UInt8(ascii: "a"), count: 1_000)) }
    #expect(try stream.finish().hexString == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    try stream.update(utf8: "abc")
    #expect(try stream.finish() == SHA256.digest(Array("abc".utf8)))
  }

  @Test("a digest comes back from its bytes, and only from 32 of them")
  func digestFromBytes() throws {
    let digest = try SHA256.digest([1, 2, 3])
    #expect(SHA256Digest(digest.bytes) == digest)
    #expect(SHA256Digest(digest.bytes.dropLast()) == nil)
    #expect(SHA256Digest(digest.bytes.reversed()) != digest)
  }

  @Test("HMAC-SHA-256 of RFC 4231 test case 2 is as published, each time it is asked")
  func hmac() throws {
    let hmac = try HMACSHA256(key: SymmetricKey(Array("Jefe".utf8)))
    let message = Array("what do ya want for nothing?".utf8)
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    #expect(try hmac.authenticate(message).hexString == expected)
    #expect(try hmac.authenticate(message).hexString == expected)
  }

  @Test("a code verifies its own message and no other")
  func hmacVerify() throws {
    let hmac = try HMACSHA256(key: .generate())
    let code = try hmac.authenticate([1, 2, 3])
    #expect(try hmac.verify(code, of: [1, 2, 3]))
    #expect(try !hmac.verify(code, of: [1, 2, 4]))
  }
}
