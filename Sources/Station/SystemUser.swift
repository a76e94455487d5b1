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
  static func current(in home: Home) -> SystemUser {
    if let login = loginUID() { return SystemUser(number: login) }
    var status = stat()
    let owner = stat(home.path, &status) == 0 ? status.st_uid : nil
    let sudo = getenv("SUDO_UID").flatMap { uid_t(String(cString: $0)) }
    return SystemUser(number: caller(sudo: sudo, real: getuid(), effective: geteuid(), ownerOfHome: owner))
  }

  /// `sudo` is believed where it leads: to root, or to the home's owner. Anybody else has set the variable themselves.
  static func caller(sudo: uid_t?, real: uid_t, effective: uid_t, ownerOfHome: uid_t?) -> uid_t {
    guard let sudo, effective == 0 || effective == ownerOfHome else { return real }
    return sudo
  }

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
