import COpenSSL

/// Why a cryptographic operation could not be done. Holds libcrypto's own words, never key material.
public enum CryptoError: Error, Hashable, Sendable {
  /// libcrypto refused an operation; `reasons` is its whole error queue, oldest first.
  case operationFailed(operation: String, reasons: [String])
  /// A tag, an integrity check value or a wrapped key does not verify: another key, or changed bytes.
  case notAuthentic
  /// The text is not the PEM that was expected.
  case malformedPEM(expected: String, reasons: [String])
  /// The private key is protected by a passphrase, and none was given: a daemon has nobody to ask for it.
  case passphraseProtected
  /// The passphrase that was given does not open the private key.
  case wrongPassphrase
  /// The bytes are not a DER certificate.
  case malformedCertificate(reasons: [String])
  /// A key of a kind or size that is not for this use.
  case unsupportedKey(String)
  /// A key, nonce or message has a length that the algorithm does not have.
  case wrongLength(what: String, expectedBytes: Int, foundBytes: Int)

  /// The failure of `operation`, with everything that waits in this thread's error queue.
  package static func draining(_ operation: String) -> CryptoError {
    .operationFailed(operation: operation, reasons: drainErrorQueue())
  }

  /// Empties this thread's error queue and says what was in it, oldest first.
  @discardableResult
  package static func drainErrorQueue() -> [String] {
    var reasons: [String] = []
    while true {
      var data: UnsafePointer<CChar>?
      var flags: Int32 = 0
      let code = ERR_get_error_all(nil, nil, nil, &data, &flags)
      guard code != 0 else { return reasons }
      var text = [CChar](repeating: 0, count: 256)
      ERR_error_string_n(code, &text, text.count)
      var reason = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if let data, flags & ERR_TXT_STRING != 0, data.pointee != 0 { reason += " (" + String(cString: data) + ")" }
      reasons.append(reason)
    }
  }
}

extension CryptoError: CustomStringConvertible {
  /// What happened, in lower case, for a person.
  public var description: String {
    func because(_ reasons: [String]) -> String { reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; ") }
    switch self {
    case .operationFailed(let operation, let reasons):
      return "libcrypto could not \(operation)" + because(reasons)
    case .notAuthentic:
      return "the bytes are not authentic: sealed under another key, or changed since"
    case .malformedPEM(let expected, let reasons):
      return "this is no PEM \(expected)" + because(reasons)
    case .passphraseProtected:
      return "the private key is protected by a passphrase, and none was given"
    case .wrongPassphrase:
      return "the passphrase that was given is not the private key's"
    case .malformedCertificate(let reasons):
      return "this is no DER certificate" + because(reasons)
    case .unsupportedKey(let text):
      return text
    case .wrongLength(let what, let expected, let found):
      return "\(what) has \(found) bytes instead of \(expected)"
    }
  }
}

/// Throws unless a libcrypto function answered 1, its word for success.
package func require(_ answer: Int32, _ operation: @autoclosure () -> String) throws(CryptoError) {
  guard answer == 1 else { throw CryptoError.draining(operation()) }
}
