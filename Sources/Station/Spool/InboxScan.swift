import Batch
import Envelope
import Glibc
import Storage

/// One look at all inboxes. What inotify tells only wakes it up: it loses events, and knows nothing on a network file
/// system, so what a scan finds is the truth.
struct InboxScan: Sendable {
  /// Something in an inbox that is not taken, and that somebody has to look after.
  struct Trouble: Hashable, Sendable {
    /// Where it is.
    let path: String
    /// Why it is not taken.
    let reason: String
  }

  /// What a scan found.
  struct Findings: Sendable {
    /// Files that may be taken now, oldest first: at most `InboxScan.filesPerPartner` of each partner.
    var ready: [DroppedFile] = []
    /// How many more there are of partners that have so many; they come with later scans.
    var laterCount = 0
    /// How many are whole or may be, and have not been still for long enough.
    var settlingCount = 0
    /// The shortest time after which one of those may be taken.
    var nextAfter: Duration?
    /// How many end too early.
    var incompleteCount = 0
    /// What is not taken.
    var troubles: Set<Trouble> = []
  }

  let spool: SpoolDirectory
  /// The registered partners.
  let partners: [String]
  /// Files that are being taken already.
  var excluded: Set<DroppedFile.Key> = []

  /// How many files of one partner a scan finds, opens, or tells as troubles, so that one who drops very many of whatever
  /// kind keeps nobody else waiting.
  static let filesPerPartner = 256

  /// Looks at every inbox; it blocks.
  func run(_ watch: inout InboxWatch, at moment: InboxWatch.Moment) throws(StationError) -> Findings {
    var findings = Findings()
    var present: Set<DroppedFile.Key> = []
    for partner in try SpoolDirectory.textNames(in: spool.inbox) where !partner.hasPrefix(".") {
      let directory = spool.inbox(of: partner)
      guard partners.contains(partner) else {
        findings.troubles.insert(Trouble(path: directory, reason: "no partner of this name is registered"))
        continue
      }
      let names: [[UInt8]]
      do { names = try SpoolDirectory.names(in: directory) } catch {
        findings.troubles.insert(Trouble(path: directory, reason: "it can't be read: \(error)"))
        continue
      }
      var files: [DroppedFile] = []
      var troubles: [Trouble] = []
      for name in names {
        switch Self.look(at: name, in: directory, of: partner) {
        case .nothing: continue
        case .trouble(let trouble): troubles.append(trouble)
        case .file(let file):
          present.insert(file.key)
          if !excluded.contains(file.key) { files.append(file) }
        }
      }
      judge(&files, &watch, moment, &findings, &troubles)
      tell(troubles, of: directory, &findings)
    }
    watch.keep(only: present)
    findings.ready.sort(by: Self.isOlder)
    return findings
  }

  private static func isOlder(_ one: DroppedFile, _ other: DroppedFile) -> Bool {
    (one.changed, one.key.name) < (other.changed, other.key.name)
  }

  /// Judges a partner's files, oldest first, until there are enough or enough of them were opened.
  private func judge(
    _ files: inout [DroppedFile], _ watch: inout InboxWatch, _ moment: InboxWatch.Moment, _ findings: inout Findings,
    _ troubles: inout [Trouble]
  ) {
    files.sort(by: Self.isOlder)
    let readyBefore = findings.ready.count
    // Only those that could be: one that can't is asked for by every look, and must not stand before the others.
    var openedCount = 0
    for (index, file) in files.enumerated() {
      if findings.ready.count - readyBefore == Self.filesPerPartner {
        findings.laterCount += files.count - index
        return
      }
      if openedCount == Self.filesPerPartner {
        // Nothing of it is known yet: the next look goes on from here.
        findings.settlingCount += files.count - index
        findings.nextAfter = .zero
        return
      }
      do { openedCount += try judge(file, &watch, moment, &findings) } catch {
        let path = "\(spool.inbox(of: file.key.partner))/\(file.key.name)"
        troubles.append(Trouble(path: path, reason: "it can't be read: \(error)"))
      }
    }
  }

  /// Judges one file; answers 1 when it was opened for that, else 0.
  private func judge(
    _ file: DroppedFile, _ watch: inout InboxWatch, _ moment: InboxWatch.Moment, _ findings: inout Findings
  ) throws -> Int {
    var openedCount = 0
    let verdict = try watch.judge(file, at: moment) {
      openedCount = 1
      return try SealedFraming(ofFileAt: "\(spool.inbox(of: file.key.partner))/\(file.key.name)")
    }
    switch verdict {
    case .take: findings.ready.append(file)
    case .settling(let rest):
      findings.settlingCount += 1
      findings.nextAfter = min(findings.nextAfter ?? rest, rest)
    case .incomplete: findings.incompleteCount += 1
    }
    return openedCount
  }

  private func tell(_ troubles: [Trouble], of directory: String, _ findings: inout Findings) {
    let told = troubles.sorted { $0.path < $1.path }.prefix(Self.filesPerPartner)
    findings.troubles.formUnion(told)
    guard told.count < troubles.count else { return }
    let rest = "more than \(Self.filesPerPartner) of its entries can't be taken; clear these, and the others are told"
    findings.troubles.insert(Trouble(path: directory, reason: rest))
  }

  private enum Entry {
    case nothing
    case file(DroppedFile)
    case trouble(Trouble)
  }

  private static func look(at bytes: [UInt8], in directory: String, of partner: String) -> Entry {
    guard let name = String(validating: bytes, as: UTF8.self) else {
      let name = String(decoding: bytes, as: UTF8.self)
      return .trouble(Trouble(path: "\(directory)/\(name)", reason: "its name is not UTF-8"))
    }
    let path = "\(directory)/\(name)"
    switch InboxRules.verdict(on: name) {
    case .unfinished: return .nothing
    case .refuse(let reason): return .trouble(Trouble(path: path, reason: reason))
    case .take: break
    }
    switch FileEntry(at: path) {
    case .gone, .directory: return .nothing
    case .other(let reason): return .trouble(Trouble(path: path, reason: reason))
    case .linked: return .trouble(Trouble(path: path, reason: "it has another hard link"))
    case .file(let stamp, let changed):
      return .file(DroppedFile(key: .init(partner: partner, name: name), stamp: stamp, changed: changed))
    }
  }
}

/// What a path is, links not followed: a link in an inbox could lead to anything that we may read.
enum FileEntry: Hashable, Sendable {
  case gone
  case directory
  case file(DroppedFile.Stamp, changed: Timestamp)
  /// A file that has another name too: whoever has that one can change what we read, so it is not taken.
  case linked(DroppedFile.Stamp, changed: Timestamp)
  /// Nothing that is taken, and why.
  case other(String)

  init(at path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      self = errno == ENOENT ? .gone : .other(String(cString: strerror(errno)))
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      let stamp = DroppedFile.Stamp(
        inode: UInt64(status.st_ino), byteCount: Int(status.st_size),
        modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
      let changed = Timestamp(
        millisecondsSinceEpoch: Int64(status.st_ctim.tv_sec) * 1_000 + Int64(status.st_ctim.tv_nsec) / 1_000_000)
      self = status.st_nlink == 1 ? .file(stamp, changed: changed) : .linked(stamp, changed: changed)
    case S_IFDIR: self = .directory
    case S_IFLNK: self = .other("it is a symbolic link")
    case S_IFIFO: self = .other("it is a pipe")
    case S_IFSOCK: self = .other("it is a socket")
    default: self = .other("it is a device")
    }
  }

  /// What is known of a file, whatever its other names; `nil` for what is none.
  var regular: (stamp: DroppedFile.Stamp, changed: Timestamp)? {
    switch self {
    case .file(let stamp, let changed), .linked(let stamp, let changed): (stamp, changed)
    case .gone, .directory, .other: nil
    }
  }
}
