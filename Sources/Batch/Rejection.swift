/// Why a whole file is rejected. The raw value is the word in documents; partners compare it.
public enum RejectionCode: String, Hashable, Sendable, CaseIterable {
  case notSealed = "not-sealed"
  case unsupportedEncoding = "unsupported-encoding"
  case truncated = "truncated"
  case notForUs = "not-for-us"
  case cannotDecrypt = "cannot-decrypt"
  case notSigned = "not-signed"
  case badSignature = "bad-signature"
  case unknownSigner = "unknown-signer"
  case signerExpired = "signer-expired"
  case notEnoughSignatures = "not-enough-signatures"
  case senderMismatch = "sender-mismatch"
  case recipientMismatch = "recipient-mismatch"
  case malformedJSON = "malformed-json"
  case schema = "schema"
  case batchTooLarge = "batch-too-large"
  case duplicateBatch = "duplicate-batch"
  case batchIDReused = "batch-id-reused"
  case duplicateInstruction = "duplicate-instruction"
  case controlMismatch = "control-mismatch"
  case programNotAllowed = "program-not-allowed"
  case currencyNotAllowed = "currency-not-allowed"
  case kindNotAllowed = "kind-not-allowed"
  case batchLimitExceeded = "batch-limit-exceeded"
  case insufficientFunds = "insufficient-funds"
  case expired = "expired"
  case invalidInstruction = "invalid-instruction"

  /// The external status reason of ISO 20022 that comes nearest; `NARR` where none does.
  public var iso: String {
    switch self {
    case .duplicateBatch, .batchIDReused, .duplicateInstruction: "AM05"
    case .controlMismatch: "AM10"
    case .currencyNotAllowed: "AM03"
    case .insufficientFunds: "AM04"
    case .batchLimitExceeded: "AM02"
    case .expired: "TM01"
    case .badSignature, .unknownSigner, .signerExpired, .notEnoughSignatures, .notSigned: "DS0A"
    case .senderMismatch, .programNotAllowed, .kindNotAllowed: "AG01"
    case .notSealed, .unsupportedEncoding, .truncated, .notForUs, .cannotDecrypt, .recipientMismatch, .malformedJSON,
      .schema, .batchTooLarge, .invalidInstruction:
      "NARR"
    }
  }
}

/// One error of a file: the code, where it is, and what to do, without content of the batch that is secret.
public struct Problem: Hashable, Sendable {
  /// The code of the class of error.
  public let code: RejectionCode
  /// Where in the document, as a JSON pointer (RFC 6901); `nil` when it is about the file.
  public let pointer: String?
  /// Where in the opened document, in bytes from its start; `nil` when it is about no place.
  public let byteOffset: Int?
  /// What is wrong, in words.
  public let message: String

  /// An error of `code`.
  public init(_ code: RejectionCode, pointer: String? = nil, byteOffset: Int? = nil, _ message: String) {
    self.code = code
    self.pointer = pointer
    self.byteOffset = byteOffset
    self.message = message
  }
}

/// The refusal of a whole file: nobody is paid.
public struct Rejection: Error, Hashable, Sendable {
  /// The errors, in the order of the document; at most `maximumProblems` of them.
  public private(set) var problems: [Problem]
  /// How many errors there are in all.
  public private(set) var errorCount: Int
  /// How many errors a rejection lists.
  public static let maximumProblems = 1_000

  /// A rejection for one problem.
  public init(_ problem: Problem) {
    problems = [problem]
    errorCount = 1
  }

  /// A rejection for `problems`; `nil` when there is none.
  public init?(_ problems: [Problem], errorCount: Int? = nil) {
    guard !problems.isEmpty else { return nil }
    self.problems = Array(problems.prefix(Self.maximumProblems))
    self.errorCount = max(errorCount ?? 0, problems.count)
  }

  /// The code of the first error, which gives the exit status.
  public var code: RejectionCode { problems.first?.code ?? .schema }
}
