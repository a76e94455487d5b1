internal import Batch
internal import Cryptography
internal import Glibc

/// What a sealed number is bound to: whoever moves it to another row, or changes the row's worth, can't open it there.
struct VoucherTerms {
  let sequence: Int64
  let groupCode: String
  let amount: Money

  /// The associated data: parts of fixed length, then the group.
  func associatedData(keyVersion: Int64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(27 + groupCode.utf8.count)
    for word in [sequence, amount.minorUnits, keyVersion] {
      withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }
    bytes.append(contentsOf: amount.currency.code.utf8)
    bytes.append(contentsOf: groupCode.utf8)
    return bytes
  }
}

/// The vault at work on one queue: its contexts serve many vouchers, one after the other.
final class VaultSession {
  /// The version of the key that seals.
  let keyVersion: Int64
  private let keys: VaultKeys
  private let code: HMACSHA256
  private var boxes: [Int64: AES256GCM] = [:]

  init(_ keys: VaultKeys) throws(VoucherError) {
    self.keys = keys
    keyVersion = keys.version
    do { code = try HMACSHA256(key: keys.indexKey) } catch { throw VoucherError(error) }
  }

  /// Seals a number for the row that `terms` describe.
  func seal(_ number: VoucherNumber, for terms: VoucherTerms) throws(VoucherError) -> [UInt8] {
    let box = try box(keyVersion)
    var secret = withUnsafeBytes(of: number.value.bigEndian) { Array($0) }
    defer { Self.wipe(&secret) }
    do {
      return try box.seal(secret, authenticating: terms.associatedData(keyVersion: keyVersion))
    } catch {
      throw VoucherError(error)
    }
  }

  /// Opens the number of the row that `terms` describe; throws `notAuthentic` when it is another row's.
  func open(_ sealed: [UInt8], keyVersion: Int64, for terms: VoucherTerms) throws(VoucherError) -> VoucherNumber {
    let serialNumber = SerialNumber(sequence: terms.sequence)?.digits ?? "?"
    guard keys.dataKeys[keyVersion] != nil else { throw .notAuthentic(serialNumber: serialNumber) }
    let box = try box(keyVersion)
    do {
      var secret = try box.open(sealed, authenticating: terms.associatedData(keyVersion: keyVersion))
      defer { Self.wipe(&secret) }
      guard secret.count == 8, let number = VoucherNumber(value: secret.reduce(0) { $0 << 8 | UInt64($1) }) else {
        throw CryptoError.notAuthentic
      }
      return number
    } catch CryptoError.notAuthentic {
      throw .notAuthentic(serialNumber: serialNumber)
    } catch {
      throw .cryptography("\(error)")
    }
  }

  /// The code to find a number by: the first 64 bits of an HMAC. Whoever has the file alone can't try numbers on it.
  func code(of number: VoucherNumber) throws(VoucherError) -> Int64 {
    do {
      try withUnsafeBytes(of: number.value.bigEndian) { bytes in
        Result { () throws(CryptoError) in try code.update(bytes) }
      }.get()
      return try code.finish().withUnsafeBytes { $0.loadUnaligned(as: Int64.self).bigEndian }
    } catch {
      throw VoucherError(error)
    }
  }

  private func box(_ version: Int64) throws(VoucherError) -> AES256GCM {
    if let box = boxes[version] { return box }
    guard let key = keys.dataKeys[version] else { throw .cryptography("there is no data key of version \(version)") }
    do {
      let box = try AES256GCM(key: key)
      boxes[version] = box
      return box
    } catch {
      throw VoucherError(error)
    }
  }

  private static func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { buffer in
      if let base = buffer.baseAddress { explicit_bzero(base, buffer.count) }
    }
  }
}
