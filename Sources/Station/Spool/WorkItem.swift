import Cryptography

/// A file that was taken: its name in `work/` tells whose it is and what it was called, so that it is found after any
/// crash.
///
///     PARTNER+TOKEN+NAME         the sealed file; a partner's name has no `+`
///     .PARTNER+TOKEN.note        what is known of it, once anything is
struct WorkItem: Hashable, Sendable {
  /// Whose inbox it came from.
  let partner: String
  /// What tells it from every other file that was ever taken.
  let token: String
  /// What it was called there.
  let name: String

  /// A file that is about to be taken.
  init(_ key: DroppedFile.Key) throws {
    partner = key.partner
    name = key.name
    token = try SecureRandom.bytes(8).reduce(into: "") { text, byte in
      text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
  }

  /// A file that was found in `work/`; `nil` when the name is not ours.
  init?(fileName: String) {
    let parts = fileName.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, !parts[0].hasPrefix("."), Self.isToken(parts[1]), !parts[2].isEmpty
    else { return nil }
    (partner, token, name) = (String(parts[0]), String(parts[1]), String(parts[2]))
  }

  /// Its name in `work/`.
  var fileName: String { "\(partner)+\(token)+\(name)" }
  /// The name of the note beside it.
  var noteName: String { Self.noteName(partner: partner, token: token) }

  /// The name of the note of a file.
  static func noteName(partner: String, token: String) -> String { ".\(partner)+\(token).note" }

  private static func isToken(_ text: Substring) -> Bool { text.count == 16 && text.allSatisfy(\.isHexDigit) }
}
