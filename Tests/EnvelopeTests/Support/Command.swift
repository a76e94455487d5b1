import Foundation
import TestKit

/// Runs a program and hands its output back.
struct Command {
  /// `openssl` with these arguments.
  @discardableResult
  static func openssl(_ arguments: String...) throws -> Data { try openssl(arguments) }

  /// `openssl` with these arguments.
  @discardableResult
  static func openssl(_ arguments: [String]) throws -> Data { try Data(TestKit.Command.openssl(arguments)) }
}
