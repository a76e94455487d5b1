internal import Cryptography
internal import Glibc

/// Draws voucher numbers, each as likely as any other, from libcrypto's generator.
final class VoucherNumberGenerator {
  // One call of the generator for many numbers: it locks and reseeds by itself.
  private var words = [UInt64](repeating: 0, count: 1_024)
  private var used = 1_024

  deinit { wipe() }

  /// The next number.
  func next() throws(VoucherError) -> VoucherNumber {
    while true {
      // 50 bits hold every index, seven of ten are one; rejecting the others keeps the draw uniform, a modulo does not.
      let candidate = try nextWord() >> 14
      if candidate < VoucherNumber.count { return VoucherNumber(index: candidate) }
    }
  }

  private func nextWord() throws(VoucherError) -> UInt64 {
    if used == words.count {
      try words.withUnsafeMutableBytes { buffer in
        Result { () throws(CryptoError) in try SecureRandom.fill(buffer) }
      }.mapError { VoucherError($0) }.get()
      used = 0
    }
    defer {
      words[used] = 0
      used += 1
    }
    return words[used]
  }

  private func wipe() {
    words.withUnsafeMutableBytes { buffer in
      if let base = buffer.baseAddress { explicit_bzero(base, buffer.count) }
    }
  }
}
