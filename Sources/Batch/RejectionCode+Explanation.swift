extension RejectionCode {
  /// What the code says of any file, in one sentence, with nothing of a particular file's content.
  public var explanation: String {
    switch self {
    case .notSealed: "the file is not sealed: it must be signed, then encrypted"
    case .unsupportedEncoding: "the file is encoded, signed or encrypted in a way that is not taken"
    case .truncated: "the file ends too early"
    case .notForUs: "the file is encrypted to other keys than the processor's"
    case .cannotDecrypt: "the file can't be decrypted"
    case .notSigned: "nobody has signed the file"
    case .badSignature: "a signature does not match the content"
    case .unknownSigner: "a signer is not registered for any partner"
    case .signerExpired: "a signer's certificate is not within its validity"
    case .notEnoughSignatures: "the file has fewer signatures than the partner needs"
    case .senderMismatch: "the file is of another than the partner in whose name, or in whose inbox, it came"
    case .recipientMismatch: "the document is meant for another processor"
    case .malformedJSON: "the document is not well-formed JSON"
    case .schema: "a member of the document is missing, repeated, or not as it must be"
    case .batchTooLarge: "the batch is larger than is taken"
    case .duplicateBatch: "the batch has been answered before"
    case .batchIDReused: "the batch's ID was used for another content"
    case .duplicateInstruction: "an instruction's ID was used before"
    case .controlMismatch: "the control figures are missing, or not those of the instructions"
    case .programNotAllowed: "the partner may not use the programme"
    case .currencyNotAllowed: "the partner may not use a currency"
    case .kindNotAllowed: "the partner may not send this kind of batch"
    case .batchLimitExceeded: "the batch exceeds a limit of the partner"
    case .insufficientFunds: "the funding account does not hold what the batch is to pay"
    case .expired: "the batch has expired"
    case .invalidInstruction: "an instruction can't be executed, and the partner's batches are rejected for one"
    }
  }
}
