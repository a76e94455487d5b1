import COpenSSL

/// The libcrypto that this process runs with, which may be newer than the one it was built with.
public enum LibCrypto {
  /// The version as OpenSSL spells it, such as "3.0.19".
  public static var version: String { String(cString: OpenSSL_version(OPENSSL_VERSION_STRING)) }

  /// The version as 0xMNN00PP0: major, minor, patch (OpenSSL_version_num(3)).
  public static var versionNumber: UInt64 { UInt64(OpenSSL_version_num()) }

  /// Major, minor and patch level, for a comparison with a version that has a fix.
  public static var versionTriple: (major: Int, minor: Int, patch: Int) {
    (Int(OPENSSL_version_major()), Int(OPENSSL_version_minor()), Int(OPENSSL_version_patch()))
  }
}
