import Pipeline
import Station

/// What became of one of the files that a command names.
enum FileOutcome {
  /// It was answered, be it with a rejection.
  case reported(BatchReport)
  /// It could not be worked on; another file may well be.
  case failed(file: String, Failure)
  /// Its turn never came: something that concerns every file stopped the work.
  case unreached(file: String)

  /// Whether an error says nothing of any other file.
  static func concerns(only file: String, _ error: any Error, _ failure: Failure) -> Bool {
    switch error {
    case let error as PipelineError:
      switch error {
      case .busy, .notBefore, .held, .file: true
      case .walletUnavailable, .journal, .output, .partners, .crypto, .interrupted: false
      }
    case let error as StationError:
      switch error {
      case .unreadable, .unwritable, .notFound: true
      case .noHome, .homeExists, .exposed, .missingStore, .configuration, .keys, .passphraseNeeded, .passphraseWrong,
        .passphraseFile, .certificate, .demoKey, .notPermitted, .daemonRuns, .operatorRefused, .busy, .refused:
        false
      }
    // What the envelope could not read: the sealed file itself, or something of the home's.
    default: failure.code == "io-error" && failure.message.contains(file)
    }
  }
}
