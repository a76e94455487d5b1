public import Batch
public import Storage

/// What goes wrong with the account mapper. No case prints an ID or an address in full.
public enum BeneficiariesError: Error, Hashable, Sendable {
  /// The file of the beneficiaries failed.
  case storage(StorageError)
  /// The mapper has no such ID.
  case unknown(FunctionalID)
  /// The mapper has the ID already.
  case exists(FunctionalID)
  /// A part of a beneficiary breaks its rule.
  case invalid(BeneficiaryFault)
  /// A file that was to be imported can't be read.
  case unreadable(path: String, reason: String)
  /// What was to be imported can be read once only.
  case notRepeatable(path: String)
  /// A file was changed while it was imported.
  case changed(path: String)
  /// A file that was to be imported has errors; nothing of it was written.
  case rejected(ImportRejection)
}

extension BeneficiariesError: StorageFailure {
  /// The storage's error as one of the mapper.
  public init(_ error: StorageError) { self = .storage(error) }
}

extension BeneficiariesError: CustomStringConvertible {
  /// One line for people: what happened and what to do.
  public var description: String {
    switch self {
    case .storage(let error): "\(error)"
    case .unknown(let id): "no beneficiary has the ID \(id): add it with beneficiary add"
    case .exists(let id): "there is a beneficiary \(id) already: change it with beneficiary update"
    case .invalid(let fault): "\(fault)"
    case .unreadable(let path, let reason): "\(path) can't be read: \(reason)"
    case .notRepeatable(let path): "\(path) is no regular file, and is read twice: once to check it, once to import it"
    case .changed(let path): "\(path) was changed while it was imported: import it again"
    case .rejected(let rejection): "\(rejection)"
    }
  }
}
