import ArgumentParser
import Batch
import Crypto
import Envelope
import Glibc
import Journal
import Partners
import Pipeline
import Station
import Storage
import Wallet

/// An error as a person and a program get to see it: a line, a hint, an exit status of sysexits(3).
struct Failure {
  enum Status: Int32 {
    case someFailed = 2
    case usage = 64
    case data = 65
    case unavailable = 69
    case cannotCreate = 73
    case inputOutput = 74
    case notPermitted = 77
    case configuration = 78
  }

  let status: Status
  let code: String
  let message: String
  let hint: String?

  /// Tells the error, as JSON where that was asked for, and ends the process. Usage errors and `--help` are told by
  /// the argument parser.
  static func exit(with error: any Error) -> Never {
    guard let failure = Failure(error) else { Disburse.exit(withError: error) }
    failure.show()
    Glibc.exit(failure.status.rawValue)
  }

  private func show() {
    if CommandLine.asksForJSON { Output.print(.object([("error", json)])) }
    complain()
  }

  /// The error as a program gets to see it.
  var json: JSONValue {
    .object(compacting: [("code", .string(code)), ("message", .string(message)), ("hint", .optional(hint))])
  }

  /// Tells a person.
  func complain() {
    Output.complain("error: \(message)")
    if let hint { Output.complain("hint:  \(hint)") }
  }

  /// `nil` for what the argument parser tells better.
  init?(_ error: any Error) {
    switch error {
    case let error as Rejection: self.init(error)
    case let error as StationError: self.init(error)
    case let error as PartnersError: self.init(.configuration, "partner", "\(error)")
    case let error as WalletError: self.init(error)
    case let error as PipelineError: self.init(error)
    case let error as JournalError: self.init(.inputOutput, "journal", "\(error)")
    case let error as StorageError: self.init(error)
    case let error as EnvelopeError: self.init(.inputOutput, error.code, error.message)
    case let error as CryptoError: self.init(.configuration, "crypto", "\(error)")
    case let error as OutputError: self.init(.cannotCreate, "output", error.message)
    default: return nil
    }
  }

  private init(_ status: Status, _ code: String, _ message: String, hint: String? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The rejection of a file.
  init(_ rejection: Rejection, of file: String? = nil) {
    let code = rejection.code
    let place = rejection.problems.first?.pointer.map { " (\($0))" } ?? ""
    let more = rejection.errorCount > 1 ? ", and \(rejection.errorCount - 1) more" : ""
    self.init(
      Self.status(of: code), code.rawValue,
      "\(file.map { "\($0) " } ?? "")was rejected: \(rejection.problems.first?.message ?? code.rawValue)\(place)\(more)",
      hint: "nothing was paid; correct the file and send it again, under the same batchID")
  }

  static func status(of code: RejectionCode) -> Status {
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
    let (status, code): (Status, String) =
      switch error {
      case .noHome: (.configuration, "no-home")
      case .homeExists: (.cannotCreate, "home-exists")
      case .exposed: (.configuration, "exposed")
      case .configuration: (.configuration, "configuration")
      case .keys: (.configuration, "keys")
      case .demoKey: (.notPermitted, "demo-key")
      case .unreadable: (.inputOutput, "unreadable")
      case .unwritable: (.cannotCreate, "unwritable")
      case .notFound: (.configuration, "not-found")
      case .refused: (.usage, "refused")
      }
    self.init(status, code, "\(error)", hint: error.hint)
  }

  private init(_ error: WalletError) {
    switch error {
    case .unavailable: self.init(.unavailable, "wallet-unavailable", "\(error)", hint: "mend it and start again")
    case .store: self.init(.inputOutput, "wallet-store", "\(error)")
    case .noSuchAccount: self.init(.configuration, "no-such-account", "\(error)")
    case .refused: self.init(.usage, "refused", "\(error)")
    }
  }

  private init(_ error: PipelineError) {
    let again = "start it again with the same file: what was done is not done again"
    switch error {
    case .walletUnavailable: self.init(.unavailable, "wallet-unavailable", "\(error)", hint: again)
    case .busy: self.init(.unavailable, "busy", "\(error)", hint: "wait for it to end")
    case .notBefore: self.init(.unavailable, "not-before", "\(error)", hint: "process the file again then")
    case .journal: self.init(.inputOutput, "journal", "\(error)", hint: again)
    case .file: self.init(.inputOutput, "file", "\(error)")
    case .output: self.init(.cannotCreate, "output", "\(error)", hint: again)
    case .partners, .crypto: self.init(.configuration, "configuration", "\(error)")
    case .interrupted: self.init(.unavailable, "interrupted", "\(error)", hint: again)
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
