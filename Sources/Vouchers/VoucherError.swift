internal import Cryptography
public import Storage

/// What goes wrong with vouchers. No case carries a number or a key.
public enum VoucherError: Error, Hashable, Sendable {
  /// The file of the vouchers failed.
  case storage(StorageError)
  /// The vault key's file can't be used.
  case vaultKey(path: String, reason: String)
  /// The vouchers were sealed under another vault key.
  case wrongVaultKey
  /// A sealed number does not belong to its row: the row was changed, or the file is damaged.
  case notAuthentic(serialNumber: String)
  /// libcrypto failed.
  case cryptography(String)
  /// No voucher group has the code.
  case noSuchGroup(String)
  /// A voucher group has the code already.
  case groupExists(String)
  /// What was asked for breaks a rule, told in words.
  case refused(String)
}

extension VoucherError: StorageFailure {
  /// The storage's error as one of vouchers.
  public init(_ error: StorageError) { self = .storage(error) }
}

extension VoucherError {
  init(_ error: CryptoError) { self = .cryptography("\(error)") }
}

extension VoucherError: CustomStringConvertible {
  /// One line for people: what happened and what to do.
  public var description: String {
    switch self {
    case .storage(let error): "\(error)"
    case .vaultKey(let path, let reason): "the vault key \(path) can't be used: \(reason)"
    case .wrongVaultKey: "the vouchers were sealed under another vault key: restore the one that belongs to them"
    case .notAuthentic(let serialNumber):
      "the sealed number of voucher \(serialNumber) does not belong to it: restore the vouchers from a backup"
    case .cryptography(let reason): reason
    case .noSuchGroup(let code): "there is no voucher group \(code): add it with voucher group add"
    case .groupExists(let code): "there is a voucher group \(code) already"
    case .refused(let reason): reason
    }
  }
}
