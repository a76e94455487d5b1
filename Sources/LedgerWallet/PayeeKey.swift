internal import Batch

/// How the ledger names a payee's account within a currency: one byte of the kind, then the identifier in UTF-8.
struct PayeeKey: Hashable, Sendable {
  /// The bytes of the key.
  let bytes: [UInt8]

  /// The key of `payee`.
  init(_ payee: Payee) {
    let id = payee.id.utf8
    bytes = [UInt8](unsafeUninitializedCapacity: id.count + 1) { buffer, count in
      buffer[0] = payee.kind.rawValue
      count = 1
      for byte in id {
        buffer[count] = byte
        count += 1
      }
    }
  }
}
