import Batch
import Glibc
import Pipeline
import Storage

/// What is done to files of the spool: taken, noted, refused, archived. Every step is durable before the next, and each
/// may be told again after a crash. One process at a time works here: the daemon, by its lock. All of it blocks.
struct Spool: Sendable {
  let directory: SpoolDirectory
  let outbox: Outbox
  let clock: any WallClock

  /// Where a taken file is.
  func path(of item: WorkItem) -> String { "\(directory.work)/\(item.fileName)" }

  func notePath(of item: WorkItem) -> String { "\(directory.work)/\(item.noteName)" }

  // MARK: Taking

  /// Takes a file out of its partner's inbox; `nil` when it is no longer what was judged.
  func take(_ file: DroppedFile) throws -> WorkItem? {
    let source = "\(directory.inbox(of: file.key.partner))/\(file.key.name)"
    guard Self.isSame(FileEntry(at: source), as: file) else { return nil }
    let item = try WorkItem(file.key)
    try DurableFile.move(source, to: path(of: item))
    // Only now nobody else can put something else under the name: what was judged may not be what was taken.
    guard Self.isSame(FileEntry(at: path(of: item)), as: file) else {
      try putBack(item, to: source)
      return nil
    }
    CrashPoint.reached(.spoolTaken)
    return item
  }

  private static func isSame(_ entry: FileEntry, as file: DroppedFile) -> Bool {
    if case .file(file.stamp, _) = entry { true } else { false }
  }

  private func putBack(_ item: WorkItem, to source: String) throws {
    do throws(StorageError) {
      try DurableFile.move(path(of: item), to: source)
    } catch .exists {
      // There is another file of the name by now. This one is judged at the next start, and opened by its content.
      switch FileEntry(at: path(of: item)) {
      case .gone, .directory, .file: return
      case .linked, .other: break
      }
      // A link or a pipe has no content to be kept.
      try DurableFile.remove(path(of: item))
    }
  }

  // MARK: Admitted

  /// Writes down which batch a file became.
  func noteAdmission(of item: WorkItem, as batchID: String, answered: Int) throws {
    try write(.admitted(batchID: batchID, answered: answered), for: item)
    CrashPoint.reached(.spoolAdmissionNoted)
  }

  /// Puts the file of an answered batch away; answers where it is.
  @discardableResult
  func archive(_ item: WorkItem) throws -> String {
    try directory.prepare(for: item.partner)
    let name = NumberedName(item.name)
    var path: String
    var number = 0
    repeat {
      number += 1
      path = "\(directory.archive(of: item.partner))/\(name.file(number))"
    } while try !move(item, to: path)
    CrashPoint.reached(.spoolEnded)
    try DurableFile.remove(notePath(of: item))
    return path
  }

  // MARK: Refused

  /// Ends a file that is refused; answers where its report is. `answer` is the sealed one, when there is one.
  @discardableResult
  func refuse(_ item: WorkItem, for rejection: Rejection, answer: SealedRefusal?) throws -> String {
    let report = RejectionFile.bytes(for: rejection, of: item, at: clock.now())
    let refused = RefusedFile(number: 1, report: report, answer: answer)
    try write(.refused(refused), for: item)
    CrashPoint.reached(.spoolRefusalNoted)
    return try finish(item, refused)
  }

  /// Does what is left of a refusal that was written down.
  @discardableResult
  func finish(_ item: WorkItem, _ noted: RefusedFile) throws -> String {
    try directory.prepare(for: item.partner)
    var refused = noted
    while let answer = refused.answer, try !outbox.put(answer) {
      refused.answer?.place = try outbox.place(forAnswerTo: item.name, of: item.partner)
      try write(.refused(refused), for: item)
    }
    CrashPoint.reached(.spoolRefusalPlaced)
    let name = NumberedName(item.name)
    let rejected = directory.rejected(of: item.partner)
    var written = refused.number
    while true {
      while try isTaken(refused, name, in: rejected) { refused.number += 1 }
      if refused.number != written { try write(.refused(refused), for: item) }
      written = refused.number
      let report = "\(rejected)/\(name.report(refused.number))"
      let file = "\(rejected)/\(name.file(refused.number))"
      if try place(refused.report, at: report, besides: file) {
        CrashPoint.reached(.spoolReportPlaced)
        if try move(item, to: file) {
          CrashPoint.reached(.spoolEnded)
          try DurableFile.remove(notePath(of: item))
          return report
        }
        try DurableFile.remove(report)
      }
      refused.number += 1
    }
  }

  /// Whether another file, or the report on one, has the number of `refused`.
  private func isTaken(_ refused: RefusedFile, _ name: NumberedName, in rejected: String) throws -> Bool {
    let report = "\(rejected)/\(name.report(refused.number))"
    if FileAccess.exists(report) { return try TextFile.read(report) != refused.report }
    return FileAccess.exists("\(rejected)/\(name.file(refused.number))")
  }

  /// Puts a report to its place; answers `false` when the name, or that of the file beside it, is another's.
  private func place(_ report: [UInt8], at path: String, besides file: String) throws -> Bool {
    // The report names the file that it is about, so the same bytes are the same report.
    if FileAccess.exists(path) { return try TextFile.read(path) == report }
    guard !FileAccess.exists(file) else { return false }
    do throws(StorageError) {
      try DurableFile.write(report, to: path, replacing: false)
      return true
    } catch .exists {
      return false
    }
  }

  /// Moves a taken file to its last place; answers `false` when something is there. One that has gone before stays.
  private func move(_ item: WorkItem, to path: String) throws -> Bool {
    guard FileEntry(at: self.path(of: item)) != .gone else { return true }
    do throws(StorageError) {
      try DurableFile.move(self.path(of: item), to: path)
      return true
    } catch .exists {
      return false
    }
  }

  /// What was written down of a taken file; `nil` when nothing was.
  ///
  /// - Throws: `StationError.unreadable` for a note that says nothing: it may have been a refusal that was answered, so
  ///   the file is not received as if there were none.
  func note(of item: WorkItem) throws -> WorkNote? {
    let path = notePath(of: item)
    guard FileEntry(at: path) != .gone else { return nil }
    guard let note = WorkNote(try TextFile.read(path)) else {
      throw StationError.unreadable(path: path, reason: "it is no note on a taken file")
    }
    return note
  }

  private func write(_ note: WorkNote, for item: WorkItem) throws {
    try DurableFile.write(note.json.serialized(), to: notePath(of: item))
  }
}
