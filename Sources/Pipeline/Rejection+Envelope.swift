import Batch
import Envelope

extension Rejection {
  /// The rejection that an error means when the file is at fault; `nil` when something of ours is.
  ///
  /// Most faults of a sealed file show when it is opened, those of its compression when the document is read.
  init?(_ error: any Error) {
    switch error {
    case let rejection as Rejection: self = rejection
    case let error as EnvelopeError:
      guard error.isRejection, let code = RejectionCode(rawValue: error.code) else { return nil }
      self.init(Problem(code, error.message))
    default: return nil
    }
  }
}
