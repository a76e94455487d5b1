/// Why a sealed file could not be opened or made.
///
/// The text in a case is for the sender, who must not learn more than the case says; what only the operator may see
/// is in `detail`. Neither ever holds content or key material.
public enum EnvelopeError: Error, Hashable, Sendable {
  /// The file is something else than an encrypted CMS structure.
  case notSealed(String)
  /// It is CMS in an encoding, or with an algorithm or element, that is not accepted.
  case unsupportedEncoding(String)
  /// The framing ends too early: perhaps the file is still being written.
  case truncated(String)
  /// No key of the ring is among the recipients.
  case notForUs(String)
  /// It could not be decrypted, unpadded or authenticated. Which of them, the sender is never told.
  case cannotDecrypt(detail: String)
  /// What was encrypted has no signature.
  case notSigned(String)
  /// A signature does not verify, or is made with a digest or key that is too weak.
  case badSignature(String)
  /// A signer's certificate is neither in the file nor registered.
  case unknownSigner(String)
  /// The file or its document is over a limit.
  case tooLarge(String)
  /// The file's bytes are no longer those that were verified.
  case changed(path: String)
  /// The operating system refused; `code` is its `errno`.
  case inputOutput(operation: String, path: String, code: Int32)
  /// A key, certificate or library that sealing or opening needs can't be used.
  case unusable(String)

  /// The file's code, a word of the stable list; `io-error` and `configuration` are this machine's own faults.
  public var code: String {
    switch self {
    case .notSealed: "not-sealed"
    case .unsupportedEncoding: "unsupported-encoding"
    case .truncated: "truncated"
    case .notForUs: "not-for-us"
    case .cannotDecrypt: "cannot-decrypt"
    case .notSigned: "not-signed"
    case .badSignature: "bad-signature"
    case .unknownSigner: "unknown-signer"
    case .tooLarge: "batch-too-large"
    case .changed, .inputOutput: "io-error"
    case .unusable: "configuration"
    }
  }

  /// Whether the file itself is at fault, so that its sender must make another.
  public var isRejection: Bool {
    switch self {
    case .changed, .inputOutput, .unusable: false
    case .notSealed, .unsupportedEncoding, .truncated, .notForUs, .cannotDecrypt, .notSigned, .badSignature,
      .unknownSigner, .tooLarge:
      true
    }
  }

  /// What the sender is told, in lower case.
  public var message: String {
    switch self {
    case .notSealed(let text), .unsupportedEncoding(let text), .truncated(let text), .notForUs(let text),
      .notSigned(let text), .badSignature(let text), .unknownSigner(let text), .tooLarge(let text),
      .unusable(let text):
      return text
    case .cannotDecrypt:
      return """
        the file can't be decrypted: it was changed on its way, or it was not made by signing first and then \
        encrypting, with -binary and -outform DER at both steps
        """
    case .changed(let path):
      return "\(path) was changed while it was being read; write under another name and rename when done"
    case .inputOutput(let operation, let path, let code):
      return "could not \(operation) \(path): \(SystemCall.describe(code))"
    }
  }

  /// What the operator's log may say besides, if there is more.
  public var detail: String? {
    if case .cannotDecrypt(let detail) = self { return detail }
    return nil
  }
}

extension EnvelopeError: CustomStringConvertible {
  /// Code and message.
  public var description: String { "\(code): \(message)" }
}
