import Glibc

/// System users that a test plays: `sudo` tells the program who has called it.
public enum Login {
  /// Whether the system tells no login of its own, which would count for more.
  public static let canBePlayed: Bool = {
    guard let bytes = try? TemporaryDirectory.bytes(of: "/proc/self/loginuid") else { return true }
    let number = UInt32(String(decoding: bytes, as: UTF8.self).filter(\.isNumber))
    return number == nil || number == .max
  }()

  /// The environment of one user.
  public static let alice = ["SUDO_UID": "1"]
  /// The environment of another.
  public static let bob = ["SUDO_UID": "2"]
  /// The environment of one who is no operator.
  public static let stranger = ["SUDO_UID": "3"]

  /// The name that the system knows an environment's user by; without one, who runs the tests.
  public static func name(_ environment: [String: String] = [:]) throws -> String {
    guard let number = environment["SUDO_UID"].map(uid_t.init) ?? getuid(), let entry = getpwuid(number) else {
      throw Command.Failure(description: "the system has no user \(environment)")
    }
    return String(cString: entry.pointee.pw_name)
  }
}
