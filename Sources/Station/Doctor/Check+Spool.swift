import Batch
import Glibc
import Journal
import Partners

extension Check {
  private static let daySeconds = 24 * 3_600

  static let spool = Check("spool", "inboxes, and files that are stuck") { patient in
    let names = patient.partners.compactMap { try? $0.get().name }
    var findings = names.filter { !FileAccess.isDirectory("\(patient.home.inbox)/\($0)") }.map { name in
      Finding.warning(
        "\(patient.home.inbox)/\(name)", "the partner has no inbox",
        remedy: "start the service, which makes it, or make it with mode 0770 for the partner's group")
    }
    findings += try inboxFindings(patient, Set(names)) + temporaryFindings(patient)
    return try await findings + workFindings(patient)
  }

  /// A daemon that hangs looks like one that has nothing to do.
  static let daemon = Check("daemon", "whether it works when there is work") { patient in
    let lock = ObservedDaemonLock(path: patient.home.daemonLock)
    switch try lock.state() {
    case .held(let touched, let process):
      let age = patient.age(ofSeconds: touched)
      guard age > ObservedDaemonLock.patienceSeconds else { return [] }
      return [
        .problem(
          "daemon", "process \(process) holds \(lock.path) and has not touched it for \(age) s: it hangs",
          remedy:
            "look at its log, then end it (systemctl restart disburse, or kill -9 \(process)): nothing is paid twice")
      ]
    case .free:
      let waiting = try waitingFiles(patient).count
      let unfinished = try await patient.journal().unfinishedBatches().filter { $0.life.hold == nil }.count
      guard waiting + unfinished > 0 else { return [] }
      return [
        .warning(
          "daemon", "none runs, and \(waiting) files and \(unfinished) batches wait for one",
          remedy: "start the service, or disburse run")
      ]
    }
  }

  private static func inboxFindings(_ patient: Patient, _ partners: Set<String>) throws -> [Finding] {
    // So long the service itself takes a file for one that is still being written.
    let patience = ((try? patient.configuration.get().spool) ?? SpoolSettings()).truncatedAfterSeconds
    return try TextFile.names(in: patient.home.inbox).sorted().flatMap { partner -> [Finding] in
      let directory = "\(patient.home.inbox)/\(partner)"
      guard FileAccess.isDirectory(directory) else { return [] }
      return try TextFile.names(in: directory).sorted().compactMap { name in
        let path = "\(directory)/\(name)"
        guard partners.contains(partner) else {
          return .warning(
            path, "it lies in an inbox of nobody: \(partner) is not registered",
            remedy: "register the partner, or take the file away")
        }
        return inboxFinding(path, name) { changed in
          let age = patient.age(ofSeconds: Int(changed.millisecondsSinceEpoch / 1_000))
          return age > patience ? age / 60 : nil
        }
      }
    }
  }

  /// Why an entry of an inbox is not taken; `nil` for one that is, or may be yet.
  ///
  /// - Parameter waited: the minutes since an instant, when they are too many.
  private static func inboxFinding(_ path: String, _ name: String, _ waited: (Timestamp) -> Int?) -> Finding? {
    let refused = "take it away: what is dropped is a whole file under a plain name"
    switch (InboxRules.verdict(on: name), FileEntry(at: path)) {
    case (_, .gone): return nil
    case (_, .other(let reason)), (.refuse(let reason), _): return .warning(path, reason, remedy: refused)
    case (_, .directory): return .warning(path, "it is a directory", remedy: refused)
    case (_, .linked): return .warning(path, "the file has another name besides", remedy: refused)
    case (.unfinished, .file(_, let changed)):
      return waited(changed).map { minutes in
        .warning(
          path, "nobody has written or renamed it for \(minutes) minutes, and under this name it is not taken",
          remedy: "ask the partner whether its transfer was cut off")
      }
    case (.take, .file(_, let changed)):
      return waited(changed).map { minutes in
        .warning(
          path, "it has been waiting for \(minutes) minutes",
          remedy: "see whether the service runs, and what its log says of the file")
      }
    }
  }

  /// A taken file whose batch nobody works on.
  private static func workFindings(_ patient: Patient) async throws -> [Finding] {
    let old = try SpoolFile.files(in: patient.home.work, partner: "").filter {
      !$0.name.hasPrefix(".") && patient.age(ofSeconds: $0.changed) > daySeconds
    }
    guard !old.isEmpty else { return [] }
    let arrivals = Set(try await patient.journal().unfinishedBatches().compactMap(\.provenance.arrival))
    return old.filter { !arrivals.contains($0.name) }.map { file in
      .warning(
        file.path, "it was taken more than a day ago, and no batch that is worked on came from it",
        remedy: "start the service, which takes it up again; if it stays, move it into its partner's inbox")
    }
  }

  private static func temporaryFindings(_ patient: Patient) throws -> [Finding] {
    let outboxes = try TextFile.names(in: patient.home.outbox).map { "\(patient.home.outbox)/\($0)" }
    let places = (outboxes + [patient.home.outbox, patient.home.keys, patient.home.partners]).filter(
      FileAccess.isDirectory)
    return try places.flatMap { try SpoolFile.files(in: $0, partner: "") }
      .filter { $0.name.hasPrefix(".") && $0.name.contains(".tmp-") && patient.age(ofSeconds: $0.changed) > daySeconds }
      .map {
        .warning(
          $0.path, "a command that was stopped left it, more than a day ago", remedy: "remove it; nothing reads it")
      }
  }

  private static func waitingFiles(_ patient: Patient) throws -> [SpoolFile] {
    try TextFile.names(in: patient.home.inbox).sorted().flatMap { partner in
      let directory = "\(patient.home.inbox)/\(partner)"
      guard FileAccess.isDirectory(directory) else { return [SpoolFile]() }
      return try SpoolFile.files(in: directory, partner: partner).filter { file in
        InboxRules.verdict(on: file.name) != .unfinished
      }
    }
  }
}

/// A file that lies in the spool.
private struct SpoolFile {
  let path: String
  let name: String
  /// Whose inbox it lies in.
  let partner: String
  /// When it was last changed or renamed, in seconds since the epoch.
  let changed: Int

  static func files(in directory: String, partner: String) throws -> [SpoolFile] {
    try TextFile.names(in: directory).sorted().compactMap { name in
      var status = stat()
      let path = "\(directory)/\(name)"
      // One that was taken in this instant is none.
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      return SpoolFile(
        path: path, name: name, partner: partner, changed: max(status.st_mtim.tv_sec, status.st_ctim.tv_sec))
    }
  }
}

/// The lock that one daemon of a home holds, and touches while it works.
private struct ObservedDaemonLock {
  enum State {
    case free
    /// When it was last touched, in seconds since the epoch, and by which process.
    case held(touched: Int, process: String)
  }

  /// Many times `DaemonLock.touchPause`.
  static let patienceSeconds = 120

  let path: String

  func state() throws(StationError) -> State {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return .free }
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    // Shared, and let go of at once: a daemon that starts in this instant tries again.
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return .free }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    let text = String(decoding: try TextFile.read(path).prefix(32), as: UTF8.self)
    let number = text.prefix { $0.isNumber }
    return .held(touched: status.st_mtim.tv_sec, process: number.isEmpty ? "of an unknown number" : String(number))
  }
}
