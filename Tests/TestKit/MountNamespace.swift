/// A shell that may mount file systems which nobody else sees, and which go when it ends.
public enum MountNamespace {
  /// Whether the system lets this user have one.
  public static let isAvailable: Bool = {
    let probe = "mount -t tmpfs tmpfs /tmp && mount -o remount,ro /tmp"
    return (try? Command.run("/usr/bin/env", ["unshare", "-Urm", "sh", "-c", probe]))?.status == 0
  }()

  /// Runs `script`; it stops at the first command that fails.
  public static func run(_ script: String, environment: [String: String]) throws -> Execution {
    try Command.run("/usr/bin/env", ["unshare", "-Urm", "sh", "-euc", script], environment: environment)
  }
}
