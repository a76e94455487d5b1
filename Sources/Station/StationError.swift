/// What is wrong with a home, or with what is asked of it.
public enum StationError: Error, Hashable, Sendable {
  /// There is no home at the path.
  case noHome(path: String)
  /// What should become a home is something already.
  case homeExists(path: String)
  /// A file or directory of the home is open to others.
  case exposed(path: String, mode: String)
  /// A store that the home was made with is not there any more.
  case missingStore(path: String)
  /// A value of the configuration can't be used.
  case configuration(path: String, reason: String)
  /// A key or certificate of the home can't be used.
  case keys(path: String, reason: String)
  /// A private key is under a passphrase, and the home has none.
  case passphraseNeeded(key: String)
  /// A private key is under another passphrase than the home's.
  case passphraseWrong(key: String, file: String)
  /// The file of the passphrase can't be used.
  case passphraseFile(path: String, reason: String)
  /// A certificate can't do what it was named for.
  case certificate(path: String, reason: String)
  /// A demo key, which everyone has, was offered for real work.
  case demoKey(subject: String)
  /// A file can't be read.
  case unreadable(path: String, reason: String)
  /// A file can't be written.
  case unwritable(path: String, reason: String)
  /// What was named does not exist.
  case notFound(String)
  /// Whoever made the file may not have.
  case notPermitted(String)
  /// Another daemon works on the home; its process's number, when it is known.
  case daemonRuns(process: String)
  /// Whoever gives an order to the processor may not.
  case operatorRefused(reason: String, remedy: String?)
  /// Another process works on what has to be left alone meanwhile.
  case busy(String)
  /// What was asked for is against the rules.
  case refused(String)
}

extension StationError: CustomStringConvertible {
  /// One line for people: what happened and where.
  public var description: String {
    switch self {
    case .noHome(let path): "\(path) is no home of disburse"
    case .homeExists(let path): "\(path) is there already and is not empty"
    case .exposed(let path, let mode): "\(path) has mode \(mode): others than its owner may read it"
    case .missingStore(let path): "\(path) is missing: the home was made with it, and it is not begun anew"
    case .configuration(let path, let reason): "\(path): \(reason)"
    case .keys(let path, let reason), .certificate(let path, let reason): "\(path): \(reason)"
    case .passphraseNeeded(let key): "\(key) is under a passphrase, and there is none to open it with"
    case .passphraseWrong(let key, let file): "\(key) is not under the passphrase in \(file)"
    case .passphraseFile(let path, let reason): "the passphrase can't be read from \(path): \(reason)"
    case .demoKey(let subject): "\(subject) is a demo key, whose private half everyone has"
    case .unreadable(let path, let reason): "\(path) can't be read: \(reason)"
    case .unwritable(let path, let reason): "\(path) can't be written: \(reason)"
    case .notFound(let what): what
    case .daemonRuns(let process):
      "a daemon works on this home already\(process.isEmpty ? "" : " (process \(process))")"
    case .notPermitted(let reason), .refused(let reason), .operatorRefused(let reason, _): reason
    case .busy(let what): "\(what) is being worked on by another process"
    }
  }

  /// What to do about it, where one thing helps.
  public var hint: String? {
    switch self {
    case .noHome: "make one with disburse init, or name it with --home or DISBURSE_HOME"
    case .homeExists: "name an empty directory, or one that does not exist"
    case .exposed(let path, _): "chmod go-rwx \(path), and ask who may have read it"
    case .missingStore:
      """
      restore it from a backup; journal.sqlite, ledger.sqlite and vouchers.sqlite belong to each other and are restored \
      together, beneficiaries.sqlite stands alone
      """
    case .configuration: "correct disburse.yaml or the DISBURSE_ variable"
    case .demoKey: "use keys of your own; only a home made with disburse init --allow-demo-keys takes demo keys"
    case .passphraseNeeded, .passphraseFile:
      """
      put the passphrase into the first line of a file of mode 0600 and name it in keys.passphraseFile of disburse.yaml, \
      or give the service the credential key-passphrase
      """
    case .passphraseWrong:
      """
      name the file with the passphrase that the key was written under; disburse key protect --old-passphrase-file FILE \
      brings the keys under a new one
      """
    case .daemonRuns: "one is enough; stop it first (systemctl stop disburse, or SIGTERM) to begin another"
    case .certificate: "nothing was registered; name a certificate that is fit for it"
    case .operatorRefused(_, let remedy): remedy
    case .busy:
      """
      wait until it lets go of the batch; where it only waits for answers, disburse batch hold makes it let go, and resume \
      goes on
      """
    case .keys, .unreadable, .unwritable, .notFound, .notPermitted, .refused: nil
    }
  }
}
