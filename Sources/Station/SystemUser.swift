import Glibc

/// The person behind this process, as far as the system knows.
struct SystemUser: Hashable, Sendable {
  /// The login name, or the number of a user without one.
  let name: String

  /// Who logged in, when the system kept that (the audit login UID, which survives `sudo`); else who called `sudo`; else
  /// the process's real user.
  ///
  /// What `sudo` says can be forged by whoever may run anything as the home's owner: it guards against mistakes. Signed
  /// approvals guard against people.
  static let current: SystemUser = {
    if let login = loginUID() { return SystemUser(number: login) }
    if let text = getenv("SUDO_UID").map({ String(cString: $0) }), let number = uid_t(text) {
      return SystemUser(number: number)
    }
    return SystemUser(number: getuid())
  }()

  init(number: uid_t) {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    let code = getpwuid_r(number, &entry, &buffer, buffer.count, &found)
    name = code == 0 && found != nil ? String(cString: entry.pw_name) : "uid-\(number)"
  }

  private static func loginUID() -> uid_t? {
    guard let bytes = try? TextFile.read("/proc/self/loginuid") else { return nil }
    let text = String(decoding: bytes, as: UTF8.self).filter(\.isNumber)
    // The largest number is the kernel's word for "nobody logged in".
    return uid_t(text).flatMap { $0 == .max ? nil : $0 }
  }
}
