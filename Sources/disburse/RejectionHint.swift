import Batch

/// What to do about a rejected file. It was rejected whole, so nothing of it was paid.
enum RejectionHint {
  /// What to do about each kind of error, in the order of the file.
  static func texts(for rejection: Rejection) -> [String] {
    var texts: [String] = []
    for problem in rejection.problems {
      let text = problem.isMissingIdentity ? missingIdentity : text(for: problem.code)
      if !texts.contains(text) { texts.append(text) }
    }
    return texts
  }

  private static let missingIdentity = "give the array an identity with --batch-id ID, a new one for each array"

  static func text(for code: RejectionCode) -> String {
    switch code {
    case .notSealed, .unsupportedEncoding, .notSigned:
      "have the partner seal it as README.md shows: gzip, openssl cms -sign, openssl cms -encrypt -outform DER"
    case .truncated: "have it sent again, whole: write it under another name and rename it when it is complete"
    case .notForUs:
      "encrypt to this processor's current certificate; disburse key export -o processor.crt writes it for the partner"
    case .cannotDecrypt: "have it sealed anew to the certificate of disburse key export, and sent again"
    case .badSignature: "sign the very bytes that are sent (openssl cms -binary), with SHA-256 or better"
    case .unknownSigner:
      "ask the partner by another way whether it signed this; if so, register the certificate with disburse partner "
        + "update NAME --add-signing-cert FILE"
    case .signerExpired:
      "have a current certificate from the partner, register it with disburse partner update NAME --add-signing-cert FILE, "
        + "and have the file signed with it"
    case .notEnoughSignatures: "have the missing signature added with openssl cms -resign, before the file is encrypted"
    case .senderMismatch: "sourceBBID must be the registered name of the partner whose signers signed"
    case .recipientMismatch:
      "it was meant for another processor: ask the partner, and correct recipientID if it was not"
    case .malformedJSON: "correct the document at the place that is named; nothing was paid, so it keeps its batchID"
    case .schema, .invalidInstruction:
      "nothing was paid; correct the document and send it again, under the same batchID"
    case .batchTooLarge: "split it; each part is a batch with a batchID of its own"
    case .duplicateBatch: "nothing; the first answer stands"
    case .batchIDReused:
      "the batchID was used for other content; see disburse batch show, and send this under a new batchID if it is wanted"
    case .duplicateInstruction:
      "nothing of this file was paid; find out with disburse batch detail whether the earlier one was, before anyone "
        + "gives the payment a new instructionID"
    case .controlMismatch:
      "find out whether control or the instructions are right; correct it and send it again, under the same batchID"
    case .programNotAllowed: "correct programID, or allow it with disburse partner update NAME --programs"
    case .kindNotAllowed: "allow this kind of batch with disburse partner update NAME --kinds, if that is agreed"
    case .currencyNotAllowed: "correct the currency, or allow it with disburse partner update NAME --currencies"
    case .batchLimitExceeded: "split it, or raise the limit with disburse partner update NAME --max-batch"
    case .insufficientFunds: "put money in with disburse wallet fund, then process the same file again"
    case .expired: "if it is still wanted, have it sent again with a later expiresAt, under the same batchID"
    }
  }
}

extension Problem {
  /// Whether the document is an array that nobody gave an identity to.
  fileprivate var isMissingIdentity: Bool {
    code == .schema && (pointer ?? "").isEmpty && message.hasPrefix("the document is an array")
  }
}
