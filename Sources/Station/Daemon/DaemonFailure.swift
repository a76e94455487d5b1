import Journal
import Storage
import Vouchers

/// Which errors end the daemon.
enum DaemonFailure {
  /// Whether only a new start helps: a store that could not be written or synced writes no more until it is opened anew,
  /// and a damaged one is nothing to go on with.
  static func needsNewStart(_ error: any Error) -> Bool {
    switch error {
    case let error as StorageError: needsNewStart(error)
    case JournalError.storage, JournalError.unusable, JournalError.newerSchema, JournalError.impossible: true
    case VoucherError.storage(let error): needsNewStart(error)
    default: false
    }
  }

  private static func needsNewStart(_ error: StorageError) -> Bool {
    switch error {
    case .io, .corrupt, .fault, .newerSchema, .foreign, .networkFileSystem: true
    // Room, rights and locks may come again.
    case .diskFull, .notWritable, .exists, .busy: false
    }
  }
}
