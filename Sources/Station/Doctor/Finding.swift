/// Something in a home, or on its machine, that is not as it should be.
public struct Finding: Hashable, Sendable {
  /// How grave it is.
  public enum Severity: String, Hashable, Sendable {
    /// Something does not work, or is not safe.
    case problem
    /// It works, and should be looked at.
    case warning
  }

  /// How grave it is.
  public let severity: Severity
  /// What it is about: a file, a key, a partner.
  public let subject: String
  /// What is wrong.
  public let what: String
  /// What to do about it.
  public let remedy: String

  static func problem(_ subject: String, _ what: String, remedy: String) -> Finding {
    Finding(severity: .problem, subject: subject, what: what, remedy: remedy)
  }

  static func warning(_ subject: String, _ what: String, remedy: String) -> Finding {
    Finding(severity: .warning, subject: subject, what: what, remedy: remedy)
  }

  /// The problem that an error is.
  init(_ error: any Error, about subject: String) {
    let failure = Failure(error)
    self.init(
      severity: .problem, subject: subject, what: failure?.message ?? "\(error)",
      remedy: failure?.hint ?? "mend what is named, and examine the home again")
  }

  private init(severity: Severity, subject: String, what: String, remedy: String) {
    self.severity = severity
    self.subject = subject
    self.what = what
    self.remedy = remedy
  }
}

/// What one check of a home found.
public struct CheckResult: Sendable {
  /// The name of the check.
  public let name: String
  /// What it looked at.
  public let scope: String
  /// What is not as it should be; empty when all is.
  public let findings: [Finding]

  /// The gravest of the findings; `nil` when there is none.
  public var severity: Finding.Severity? {
    findings.contains { $0.severity == .problem } ? .problem : findings.first?.severity
  }
}

/// What the examination of a home found.
public struct Diagnosis: Sendable {
  /// Every check, in the order in which they were made.
  public let results: [CheckResult]

  /// Whether there is no problem; there may be warnings.
  public var isSound: Bool { !results.contains { $0.severity == .problem } }
}
