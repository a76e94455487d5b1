import Glibc

extension Check {
  /// Everything in the home is one user's, and nobody else may look into it.
  static let permissions = Check("permissions", "owner and mode of the home and of what is in it") { patient in
    let home = patient.home
    var status = stat()
    guard stat(home.path, &status) == 0 else {
      throw StationError.unreadable(path: home.path, reason: String(cString: strerror(errno)))
    }
    let owner = status.st_uid
    var findings = [PlacePermissions(home.path, owner: owner)].compactMap { $0.finding(isDirectory: true) }
    if owner != geteuid(), geteuid() != 0 {
      findings.append(
        .problem(
          home.path,
          "it belongs to \(SystemUser(number: owner).name), and you are \(SystemUser(number: geteuid()).name)",
          remedy: "work as \(SystemUser(number: owner).name)"))
    }
    for directory in Home.directories.map({ "\(home.path)/\($0)" }) {
      findings += PlacePermissions(directory, owner: owner).finding(isDirectory: true).map { [$0] } ?? []
    }
    for directory in [home.path, home.keys, home.partners] where FileAccess.isDirectory(directory) {
      for name in try TextFile.names(in: directory).sorted() where !FileAccess.isDirectory("\(directory)/\(name)") {
        findings +=
          PlacePermissions("\(directory)/\(name)", owner: owner).finding(isDirectory: false).map { [$0] } ?? []
      }
    }
    // That it is missing is told above.
    guard FileAccess.isDirectory(home.inbox) else { return findings }
    for partner in try TextFile.names(in: home.inbox).sorted() where FileAccess.isDirectory("\(home.inbox)/\(partner)")
    {
      let inbox = PlacePermissions("\(home.inbox)/\(partner)", owner: nil, forbidden: 0o007)
      findings += inbox.finding(isDirectory: true).map { [$0] } ?? []
    }
    return findings
  }
}

/// What a place in the home has to be.
private struct PlacePermissions {
  let path: String
  /// Whose it is; `nil` where it may be another's, as an inbox a partner's user's.
  let owner: uid_t?
  /// What nobody else may.
  let forbidden: mode_t

  init(_ path: String, owner: uid_t?, forbidden: mode_t = 0o077) {
    self.path = path
    self.owner = owner
    self.forbidden = forbidden
  }

  func finding(isDirectory: Bool) -> Finding? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A file may go while it is looked at; a directory is there from the first day.
      guard isDirectory || errno != ENOENT else { return nil }
      return .problem(
        path, errno == ENOENT ? "it is missing" : String(cString: strerror(errno)),
        remedy: "restore it from a backup, or make it with mode 0700 when it was empty")
    }
    if isDirectory, status.st_mode & S_IFMT != S_IFDIR {
      return .problem(path, "it is no directory", remedy: "put the directory back in its place")
    }
    let mode = status.st_mode & 0o7777
    if mode & forbidden != 0 {
      let others = forbidden == 0o007 ? "o-rwx" : "go-rwx"
      return .problem(
        path, "its mode is \(String(mode, radix: 8)): others may look into it",
        remedy: "chmod \(others) \(path), and ask who may have read it")
    }
    if isDirectory, mode & 0o700 != 0o700 {
      return .problem(
        path, "its mode is \(String(mode, radix: 8)): its owner can't work in it", remedy: "chmod u+rwx \(path)")
    }
    if let owner, status.st_uid != owner {
      let (its, home) = (SystemUser(number: status.st_uid).name, SystemUser(number: owner).name)
      return .problem(path, "it belongs to \(its), and the home to \(home)", remedy: "chown \(home) \(path)")
    }
    return nil
  }
}
