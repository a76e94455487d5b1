import Batch
import CLinux
import Glibc
import Journal
import Storage

extension Check {
  private static let minimumFreeBytes = 2 << 30
  private static let stopBytes = 100 << 20

  static let fileSystem = Check("file system", "what kind of disk the home is on") { patient in
    try [patient.home.path, patient.home.spool].filter(FileAccess.exists).compactMap { path in
      try FileSystem.networkType(of: path).map { type in
        .problem(path, "it is on \(type), where file locks can't be trusted", remedy: "move the home to a local disk")
      }
    }
  }

  /// A batch needs room for its log, a backup for a copy: as much again as the stores have, and never less than 2 GiB.
  static let space = Check("space", "room for as much as the stores have, and at least 2 GiB") { patient in
    var status = statvfs()
    guard statvfs(patient.home.path, &status) == 0 else {
      throw StationError.unreadable(path: patient.home.path, reason: String(cString: strerror(errno)))
    }
    let free = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize)).partialValue
    let stores = patient.home.stores.reduce(0) { $0 + size(of: $1) }
    var findings: [Finding] = []
    if free < stopBytes {
      findings.append(
        .problem(patient.home.path, "\(free >> 20) MiB are free", remedy: "free some space now, or nothing can be paid")
      )
    } else if free < max(minimumFreeBytes, stores) {
      findings.append(
        .warning(
          patient.home.path, "\(free >> 20) MiB are free, of \(max(minimumFreeBytes, stores) >> 20) that should be",
          remedy: "free some space, or move old files of spool/archive and spool/rejected away"))
    }
    // A file system without inodes of its own says 0 of 0.
    if status.f_files > 0, status.f_favail < 10_000 {
      findings.append(
        .warning(
          patient.home.path, "only \(status.f_favail) more files can be made",
          remedy: "move old files of the spool away"))
    }
    return findings
  }

  /// What is not before and after in the journal is not in the audit trail either.
  static let clock = Check("clock", "against the journal, and what keeps it right") { patient in
    var findings: [Finding] = []
    if disburse_clock_is_unsynchronized() != 0 {
      findings.append(
        .warning("clock", "the kernel says that nothing keeps it right", remedy: "run chrony or systemd-timesyncd"))
    }
    let journal = try patient.journal()
    var query = AuditQuery()
    query.after = try await journal.auditHead().number - 1
    let now = patient.clock.now()
    if let last = try await journal.auditEntries(matching: query).last?.at,
      now.millisecondsSinceEpoch + 1_000 < last.millisecondsSinceEpoch
    {
      findings.append(
        .problem(
          "clock", "it says \(now.rfc3339), and the last entry of the journal is of \(last.rfc3339)",
          remedy: "set the clock right before anything is paid: batches begin and expire by it"))
    }
    return findings
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
