public import Batch

/// A sealed file as it is handed in.
public struct Submission: Sendable {
  /// Where the file is.
  public var path: String
  /// The name under which the partner knows it; results are called after it.
  public var name: String
  /// The identity of a document that is a bare array, which tells none of its own.
  public var bareArray: BareArrayIdentity?
  /// The system user who hands it in, who may not release it.
  public var submitter: String?
  /// The partner whose inbox it lay in; its signers must be that partner's. `nil` when it came another way.
  public var inbox: String?
  /// The file's name in the work directory of the spool.
  public var arrival: String?
  /// When it is given, a refusal is sealed and left beside its place, told from others by this word: whoever hands the
  /// file in puts it there.
  public var refusalToken: String?

  /// The file at `path`, under its own name.
  public init(path: String) {
    self.path = path
    name = path.split(separator: "/").last.map(String.init) ?? path
  }
}
