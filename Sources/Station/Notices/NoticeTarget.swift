import Batch
import Journal
import Partners
import Storage

/// One receiver of notices, with its own place in the trail: whoever is slow or fails holds up nobody else.
struct NoticeTarget: Hashable, Sendable {
  /// Whom it belongs to.
  enum Owner: Hashable, Sendable {
    /// Is told of everything.
    case `operator`
    /// Is told of its own batches and files.
    case partner(String)
  }

  /// How it is told.
  enum Place: Hashable, Sendable {
    /// A program with this absolute path.
    case command(String)
    /// A directory with this absolute path.
    case directory(String)
  }

  let owner: Owner
  let place: Place

  /// All targets of an owner.
  static func all(_ targets: NoticeTargets, of owner: Owner) -> [NoticeTarget] {
    [targets.command.map(Place.command), targets.directory.map(Place.directory)].compactMap { place in
      place.map { NoticeTarget(owner: owner, place: $0) }
    }
  }

  /// The name of its cursor in the journal.
  var reader: String {
    let whose =
      switch owner {
      case .operator: "operator"
      case .partner(let name): "partner \(name)"
      }
    return switch place {
    case .command(let path): "notices \(whose) command \(path)"
    case .directory(let path): "notices \(whose) directory \(path)"
    }
  }

  /// The partner whose entries concern it; `nil` for all.
  var partner: String? {
    switch owner {
    case .operator: nil
    case .partner(let name): name
    }
  }

  /// Hands one message over; it is there when the call returns.
  func deliver(_ notice: Notice, _ message: [UInt8], timeLimit: Duration) async throws(NoticeError) {
    switch place {
    case .command(let path): try await NoticeProcess(path: path, timeLimit: timeLimit).run(input: message)
    case .directory(let path):
      // The same name each time: a message that is delivered again after a crash replaces itself.
      let file = "\(path)/\(notice.fileName)"
      let result = await NoticeProcess.onThread { () -> Result<Void, StorageError> in
        Result { () throws(StorageError) in try DurableFile.write(message, to: file, mode: 0o600) }
      }
      if case .failure(let error) = result { throw .directory(path: path, reason: "\(error)") }
    }
  }
}

/// Why a notice could not be handed over.
enum NoticeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The program can't be started.
  case notStarted(path: String, reason: String)
  /// The program ended with a status that is not 0.
  case status(path: String, Int32)
  /// The program was ended by a signal.
  case signal(path: String, Int32)
  /// The program took too long and was ended.
  case timeLimit(path: String)
  /// The directory did not take the file.
  case directory(path: String, reason: String)

  /// What happened, in one line.
  var description: String {
    switch self {
    case .notStarted(let path, let reason): "\(path) can't be started: \(reason)"
    case .status(let path, let status): "\(path) ended with status \(status)"
    case .signal(let path, let signal): "\(path) was ended by signal \(signal)"
    case .timeLimit(let path): "\(path) took too long and was ended"
    case .directory(let path, let reason): "\(path) does not take the message: \(reason)"
    }
  }
}
