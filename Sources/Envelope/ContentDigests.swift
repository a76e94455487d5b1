import COpenSSL
import Cryptography

/// Digests of the signed content, computed as it passes, in the chain of BIOs in which libcrypto looks for them.
final class ContentDigests {
  /// In the order of the chain.
  let algorithms: [DigestAlgorithm]
  private var chain: OpaquePointer

  init(_ algorithms: [DigestAlgorithm]) throws(CryptoError) {
    self.algorithms = algorithms
    guard let sink = BIO_new(BIO_s_null()) else { throw .draining("open a null BIO") }
    chain = sink
    for algorithm in algorithms.reversed() {
      guard let filter = BIO_new(BIO_f_md()) else { throw .draining("open a digest BIO") }
      chain = BIO_push(filter, chain)
      let digest = EVP_get_digestbyname(OBJ_nid2sn(algorithm.libcryptoID))
      try require(shim_BIO_set_md(filter, digest), "start a digest")
    }
  }

  deinit { BIO_free_all(chain) }

  /// Takes more of the content.
  func update(_ bytes: UnsafeRawBufferPointer) throws(CryptoError) {
    guard !algorithms.isEmpty, !bytes.isEmpty else { return }
    let count = Int32(clamping: bytes.count)
    guard BIO_write(chain, bytes.baseAddress, count) == count else { throw .draining("digest the content") }
  }

  /// The first algorithm's digest of what has passed so far; nothing when there is no algorithm.
  func firstValue() throws(CryptoError) -> [UInt8] {
    guard let first = algorithms.first else { return [] }
    return try value(of: first)
  }

  /// The digest of what has passed so far, by one of the chain's algorithms.
  func value(of algorithm: DigestAlgorithm) throws(CryptoError) -> [UInt8] {
    var filter: OpaquePointer? = chain
    for passed in algorithms {
      if passed == algorithm { break }
      filter = BIO_next(filter)
    }
    var running: OpaquePointer?
    try require(shim_BIO_get_md_ctx(filter, &running), "reach a digest")
    let copy = try OpenSSLObject(EVP_MD_CTX_new(), "make a digest context", free: { EVP_MD_CTX_free($0) })
    var value = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let answer = copy.withPointer { copy in
      EVP_MD_CTX_copy_ex(copy, running) == 1 ? EVP_DigestFinal_ex(copy, &value, &count) : 0
    }
    try require(answer, "read a digest")
    return Array(value.prefix(Int(count)))
  }

  /// Lends the chain.
  func withChain<Value>(_ body: (OpaquePointer) throws -> Value) rethrows -> Value { try body(chain) }
}
