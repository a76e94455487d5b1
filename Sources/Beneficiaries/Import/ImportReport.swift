/// What an import did.
public struct ImportReport: Hashable, Sendable {
  /// Entries of the file.
  public internal(set) var count = 0
  /// IDs that were not mapped before.
  public internal(set) var added = 0
  /// Beneficiaries that lead elsewhere, or have another state, than before.
  public internal(set) var changed = 0
  /// Beneficiaries that were as the file has them.
  public internal(set) var unchanged = 0
  /// Members or columns that the format does not know, all entries together.
  public internal(set) var ignoredMemberCount = 0
}

/// Why nothing of a file was imported.
public struct ImportRejection: Hashable, Sendable {
  /// The most problems that are listed.
  public static let maximumListed = 1_000

  /// The file.
  public let path: String
  /// What is wrong, in the order in which it was found; at most `maximumListed`.
  public let problems: [ImportProblem]
  /// How many problems there are.
  public let problemCount: Int
}

extension ImportRejection: CustomStringConvertible {
  /// The first problem and the number of the others.
  public var description: String {
    let first = problems.first.map { ": \($0)" } ?? ""
    return "\(path) was not imported\(first)\(problemCount > 1 ? ", and \(problemCount - 1) more" : "")"
  }
}

/// One thing that is wrong with a file of beneficiaries. It never repeats an ID or an address.
public struct ImportProblem: Hashable, Sendable, CustomStringConvertible {
  /// Where it is.
  public let place: ImportPlace
  /// What is wrong, after the name of the member or column.
  public let message: String

  /// "line 17: financialAddress: the MSISDN is not …".
  public var description: String { "\(place): \(message)" }
}

/// A place in a file of beneficiaries.
public enum ImportPlace: Hashable, Sendable, CustomStringConvertible {
  /// The line in which a row of a CSV file begins, from 1.
  case line(Int)
  /// The JSON pointer of an entry (RFC 6901): "/beneficiaries/17".
  case pointer(String)
  /// So many bytes from the start of a JSON document that can't be read further.
  case byteOffset(Int)

  /// "line 17", "/beneficiaries/17", "byte 4711".
  public var description: String {
    switch self {
    case .line(let line): "line \(line)"
    case .pointer(let pointer): pointer
    case .byteOffset(let offset): "byte \(offset)"
    }
  }
}

/// Problems, of which the first are kept and all are counted.
struct ImportProblems {
  private(set) var listed: [ImportProblem] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func add(_ place: ImportPlace, _ message: String) {
    count += 1
    if listed.count < ImportRejection.maximumListed { listed.append(ImportProblem(place: place, message: message)) }
  }

  /// Counts what is known to be wrong, and not where.
  mutating func addUnlisted(_ count: Int) { self.count += count }
}
