public import Batch
import Beneficiaries
import Cryptography
import Envelope
import Journal
import Partners
import Pipeline
import Storage
import Vouchers
import Wallet

/// An error as a person and a program get to see it: a word, a line, what to do.
public struct Failure: Sendable {
  /// The class of the error, which decides the exit status (sysexits(3)).
  public enum Kind: Hashable, Sendable {
    /// The words of the command don't make sense.
    case usage
    /// The file is at fault.
    case data
    /// Something else has to be there first; the work can be taken up again.
    case unavailable
    /// An output can't be written.
    case cannotCreate
    /// Reading or writing failed.
    case inputOutput
    /// Whoever asked may not.
    case notPermitted
    /// The home, its keys or its configuration are at fault.
    case configuration
  }

  /// The class of the error.
  public let kind: Kind
  /// The word that programs compare.
  public let code: String
  /// What happened, where.
  public let message: String
  /// What to do about it, where one thing helps.
  public let hint: String?

  private static let again = "start it again with the same file: what was done is not done again"

  /// The failure that an error of any room is; `nil` for an error of none.
  public init?(_ error: any Error) {
    switch error {
    case let error as Rejection: self.init(error)
    case let error as StationError: self.init(error)
    case let error as PartnersError: self.init(error)
    case let error as WalletError: self.init(error)
    case let error as PipelineError: self.init(error)
    case let error as JournalError: self.init(error)
    case let error as StorageError: self.init(error)
    case let error as EnvelopeError: self.init(error)
    case let error as VoucherError: self.init(error)
    case let error as BeneficiariesError: self.init(error)
    case let error as CryptoError: self.init(.configuration, "crypto", "\(error)")
    case is CancellationError: self.init(PipelineError.interrupted)
    default: return nil
    }
  }

  private init(_ kind: Kind, _ code: String, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The rejection of a file.
  public init(_ rejection: Rejection, of file: String? = nil) {
    let code = rejection.code
    let place = rejection.problems.first?.pointer.map { " (\($0))" } ?? ""
    let more = rejection.errorCount > 1 ? ", and \(rejection.errorCount - 1) more" : ""
    self.init(
      Self.kind(of: code), code.rawValue,
      "\(file.map { "\($0) " } ?? "")was rejected: \(rejection.problems.first?.message ?? code.rawValue)\(place)\(more)",
      hint: "nothing was paid; correct the file and send it again, under the same batchID")
  }

  /// The class of a rejection.
  public static func kind(of code: RejectionCode) -> Kind {
    switch code {
    case .unknownSigner, .signerExpired, .notEnoughSignatures, .senderMismatch, .programNotAllowed, .kindNotAllowed:
      .notPermitted
    case .notSealed, .unsupportedEncoding, .truncated, .notForUs, .cannotDecrypt, .notSigned, .badSignature,
      .recipientMismatch, .malformedJSON, .schema, .batchTooLarge, .duplicateBatch, .batchIDReused,
      .duplicateInstruction, .controlMismatch, .currencyNotAllowed, .batchLimitExceeded, .insufficientFunds, .expired,
      .invalidInstruction:
      .data
    }
  }

  private init(_ error: StationError) {
    let (kind, code): (Kind, String) =
      switch error {
      case .noHome: (.configuration, "no-home")
      case .homeExists: (.cannotCreate, "home-exists")
      case .exposed: (.configuration, "exposed")
      case .missingStore: (.configuration, "missing-store")
      case .configuration: (.configuration, "configuration")
      case .keys: (.configuration, "keys")
      case .passphraseNeeded, .passphraseWrong, .passphraseFile: (.configuration, "passphrase")
      case .certificate: (.usage, "certificate")
      case .demoKey: (.notPermitted, "demo-key")
      case .unreadable: (.inputOutput, "unreadable")
      case .unwritable: (.cannotCreate, "unwritable")
      case .notFound: (.usage, "not-found")
      case .notPermitted: (.notPermitted, "unknown-signer")
      case .daemonRuns: (.unavailable, "daemon-runs")
      case .operatorRefused: (.notPermitted, "not-permitted")
      case .busy: (.unavailable, "busy")
      case .refused: (.usage, "refused")
      }
    self.init(kind, code, "\(error)", hint: error.hint)
  }

  private init(_ error: PartnersError) {
    switch error {
    case .unknown, .unknownOperator: self.init(.usage, "not-found", "\(error)")
    case .exists, .badName, .unusable, .certificateTaken, .noSealableCertificate, .badPolicy, .badOperator:
      self.init(.configuration, "partner", "\(error)")
    }
  }

  private init(_ error: EnvelopeError) {
    // A file that is at fault has a code of the same list as a rejection.
    if error.isRejection, let code = RejectionCode(rawValue: error.code) {
      self.init(Self.kind(of: code), error.code, error.message)
      return
    }
    switch error {
    case .inputOutput("create", _, _), .inputOutput("write", _, _), .inputOutput("make durable", _, _):
      self.init(.cannotCreate, "not-writable", error.message)
    case .unusable: self.init(.configuration, error.code, error.message)
    default: self.init(.inputOutput, error.code, error.message)
    }
  }

  private init(_ error: WalletError) {
    switch error {
    case .unavailable: self.init(.unavailable, "wallet-unavailable", "\(error)", hint: "mend it and start again")
    case .store: self.init(.configuration, "wallet-store", "\(error)")
    case .noSuchAccount: self.init(.usage, "not-found", "\(error)")
    case .refused: self.init(.usage, "refused", "\(error)")
    }
  }

  private init(_ error: PipelineError) {
    let again = Self.again
    switch error {
    case .walletUnavailable: self.init(.unavailable, "wallet-unavailable", "\(error)", hint: again)
    case .busy: self.init(.unavailable, "busy", "\(error)", hint: "wait for it to end")
    case .notBefore: self.init(.unavailable, "not-before", "\(error)", hint: "process the file again then")
    case .held(let batchID, let cause, _):
      self.init(.unavailable, "held", "\(error)", hint: Self.release(batchID, cause))
    case .journal: self.init(.inputOutput, "journal", "\(error)", hint: again)
    case .file: self.init(.inputOutput, "file", "\(error)")
    case .output: self.init(.cannotCreate, "output", "\(error)", hint: again)
    case .partners, .crypto: self.init(.configuration, "configuration", "\(error)")
    case .interrupted: self.init(.unavailable, "interrupted", "\(error)", hint: again)
    }
  }

  private static func release(_ batchID: String, _ cause: BatchHold) -> String {
    switch cause {
    case .awaitingRelease:
      """
      an operator who neither signed it, nor handed it in, nor ordered the retry releases it with disburse batch approve \
      \(batchID); then process the file again
      """
    case .failureRate, .operatorStop:
      """
      see disburse batch show \(batchID); let it go on with disburse batch resume and process the file again, or end it \
      with disburse batch cancel
      """
    }
  }

  private init(_ error: JournalError) {
    switch error {
    case .newerSchema, .unusable: self.init(.configuration, "journal", "\(error)")
    case .notAllowed: self.init(.usage, "not-allowed", "\(error)")
    case .claimLost, .diskFull, .notWritable, .storage, .noSuchBatch, .impossible:
      self.init(.inputOutput, "journal", "\(error)", hint: Self.again)
    }
  }

  private init(_ error: VoucherError) {
    switch error {
    case .storage(let error): self.init(error)
    case .vaultKey, .wrongVaultKey, .notAuthentic, .cryptography: self.init(.configuration, "vouchers", "\(error)")
    case .noSuchGroup: self.init(.usage, "not-found", "\(error)")
    case .groupExists, .refused: self.init(.usage, "refused", "\(error)")
    }
  }

  private init(_ error: BeneficiariesError) {
    switch error {
    case .storage(let error): self.init(error)
    case .unknown: self.init(.usage, "not-found", "\(error)")
    case .exists, .invalid, .notRepeatable: self.init(.usage, "refused", "\(error)")
    case .unreadable, .changed: self.init(.inputOutput, "unreadable", "\(error)")
    case .rejected:
      self.init(
        .data, "import-rejected", "\(error)", hint: "nothing was imported; correct the file and import it again")
    }
  }

  private init(_ error: StorageError) {
    switch error {
    case .diskFull, .notWritable, .exists: self.init(.cannotCreate, "not-writable", "\(error)")
    case .newerSchema, .networkFileSystem, .foreign: self.init(.configuration, "store", "\(error)")
    case .corrupt, .busy, .io, .fault: self.init(.inputOutput, "store", "\(error)")
    }
  }
}
