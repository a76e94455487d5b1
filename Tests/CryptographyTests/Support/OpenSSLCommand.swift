import TestKit

/// The `openssl` program, as a second opinion on what libcrypto was made to do.
struct OpenSSLCommand {
  /// Runs `openssl` with the arguments, `input` on its standard input; its standard output.
  static func run(_ arguments: [String], input: String = "") throws -> String {
    String(decoding: try Command.openssl(arguments, input: Array(input.utf8)), as: UTF8.self)
  }
}

/// The bytes of a hexadecimal text.
func bytes(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue ?? 0) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
