import Glibc

/// System calls that are repeated when a signal interrupts them; what fails is the caller's to name.
enum SystemCall {
  /// Carries out a call that answers -1 and sets `errno` on failure.
  static func retrying<Value: SignedInteger>(
    _ operation: String, _ path: String, _ call: () -> Value
  ) throws(EnvelopeError) -> Value {
    while true {
      let answer = call()
      if answer != -1 { return answer }
      let code = errno
      guard code == EINTR else { throw .inputOutput(operation: operation, path: path, code: code) }
    }
  }

  /// The system's text for an `errno`.
  static func describe(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 128)
    guard strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
