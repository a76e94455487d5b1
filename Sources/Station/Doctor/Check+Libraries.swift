import Cryptography
import Storage

extension Check {
  /// Where the forgeries that libcrypto's CMS accepted were mended (CVE-2026-34182, OpenSSL's releases of 2026-06-09): the
  /// first patch of each branch. Branches that are not named had ended by then.
  private static let mendedPatches = ["3.0": 21, "3.4": 6, "3.5": 7, "3.6": 3, "4.0": 1]

  /// The strict reading of sealed files does not rest on it, so that this is no problem by itself; and a distribution
  /// mends without another number.
  static let libcrypto = Check("libcrypto", "known faults of \(LibCrypto.version) with sealed files") { _ in
    let (major, minor, patch) = LibCrypto.versionTriple
    guard !isMended(major: major, minor: minor, patch: patch) else { return [] }
    return [
      .warning(
        "libcrypto \(LibCrypto.version)",
        "by its number it accepts forged sealed files (CVE-2026-34182), which are "
          + "refused before it sees them",
        remedy: "update OpenSSL; of a distribution's own, see whether its changelog names the fault")
    ]
  }

  /// Whether the fault is mended in a version.
  static func isMended(major: Int, minor: Int, patch: Int) -> Bool {
    if let first = mendedPatches["\(major).\(minor)"] { return patch >= first }
    return (major, minor) > (4, 0)
  }

  /// https://www.sqlite.org/wal.html, "the WAL-reset bug".
  static let sqlite = Check("SQLite", "known faults of \(SQLiteLibrary.version) with the stores") { _ in
    guard SQLiteLibrary.versionNumber < 3_051_003 else { return [] }
    return [
      .warning(
        "SQLite \(SQLiteLibrary.version)",
        "before 3.51.3 it can damage a database that two write to in one instant; the write lock keeps that from happening",
        remedy: "let no other program write to the stores; update SQLite when the system has a later one")
    ]
  }
}
