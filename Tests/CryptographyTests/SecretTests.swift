import Cryptography
import Testing

@Suite("secrets")
struct SecretTests {
  @Test("random bytes fill the whole buffer and differ each time")
  func random() throws {
    #expect(try SecureRandom.bytes(0).isEmpty)
    #expect(try SecureRandom.bytes(32) != SecureRandom.bytes(32))
    #expect(try SecureRandom.bytes(4_096).suffix(64).contains { $0 != 0 })
  }

  @Test("a sealed secret opens under its key and context, for every short length")
  func roundTrip() throws {
    let box = try AES256GCM(key: .generate())
    for count in 0..<40 {
      let secret = [UInt8](repeating: 7, count: count)
      let sealed = try box.seal(secret, authenticating: [1, 2])
      #expect(sealed.count == count + AES256GCM.overheadByteCount)
      #expect(try box.open(sealed, authenticating: [1, 2]) == secret)
    }
  }

  @Test("the same secret never seals to the same bytes")
  func freshNonce() throws {
    let box = try AES256GCM(key: .generate())
    #expect(try box.seal([1]) != box.seal([1]))
  }

  @Test("a sealed secret with any bit flipped, cut short, or under another context or key does not open")
  func tampering() throws {
    let key = try SymmetricKey.generate()
    let box = try AES256GCM(key: key)
    let sealed = try box.seal(Array("1234567890123452".utf8), authenticating: [9])
    for index in sealed.indices {
      var forged = sealed
      forged[index] ^= 1
      #expect(throws: CryptoError.notAuthentic) { try box.open(forged, authenticating: [9]) }
      #expect(throws: CryptoError.notAuthentic) { try box.open(Array(sealed[..<index]), authenticating: [9]) }
    }
    #expect(throws: CryptoError.notAuthentic) { try box.open(sealed, authenticating: [8]) }
    let other = try AES256GCM(key: .generate())
    #expect(throws: CryptoError.notAuthentic) { try other.open(sealed, authenticating: [9]) }
    #expect(try box.open(sealed, authenticating: [9]) == Array("1234567890123452".utf8))
  }

  @Test("a key that is not of 32 bytes seals nothing")
  func keyLength() {
    #expect(throws: CryptoError.wrongLength(what: "an AES-256 key", expectedBytes: 32, foundBytes: 16)) {
      try AES256GCM(key: SymmetricKey([UInt8](repeating: 0, count: 16)))
    }
  }

  @Test("the key wrap of RFC 3394 §4.6 is as published, both ways")
  func keyWrap() throws {
    let wrapping = SymmetricKey(bytes("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"))
    let data = bytes("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
    let wrapped = try KeyWrap.wrap(SymmetricKey(data), under: wrapping)
    #expect(wrapped == bytes("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"))
    #expect(try KeyWrap.unwrap(wrapped, under: wrapping).withUnsafeBytes { Array($0) } == data)
  }

  @Test("a wrapped key with any byte changed, or under another key, does not unwrap")
  func keyWrapTampering() throws {
    let wrapping = try SymmetricKey.generate()
    let wrapped = try KeyWrap.wrap(.generate(), under: wrapping)
    for index in wrapped.indices {
      var forged = wrapped
      forged[index] ^= 0x80
      #expect(throws: CryptoError.notAuthentic) { try KeyWrap.unwrap(forged, under: wrapping) }
    }
    #expect(throws: CryptoError.notAuthentic) { try KeyWrap.unwrap(wrapped, under: .generate()) }
  }

  @Test("a symmetric key prints, debug-prints and dumps nothing of its bytes")
  func masked() {
    let key = SymmetricKey([UInt8](repeating: 0xAB, count: 32))
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(!text.lowercased().contains("ab, ") && !text.contains("171") && text.contains("masked"))
    }
  }
}
