public import Batch
public import Pipeline

/// A home's pipeline, opened once for any number of files.
public struct Processor: Sendable {
  private let pipeline: Pipeline
  private let home: String
  private let submitter: String

  init(_ pipeline: Pipeline, home: String, submitter: String) {
    self.pipeline = pipeline
    self.home = home
    self.submitter = submitter
  }

  /// Takes one sealed file all the way and, when `output` is given, puts a copy of the sealed result there.
  ///
  /// - Throws: when the work can't go on now; started again with the same file, it does. A rejected file is a report.
  public func process(
    _ path: String, bareArray: BareArrayIdentity? = nil, output: String? = nil,
    progress: @escaping ProgressObserver = { _ in }
  ) async throws -> BatchReport {
    if let output { try OutputPlace.check(output, besides: [path], in: home) }
    var submission = Submission(path: path)
    submission.bareArray = bareArray
    submission.submitter = submitter
    let report = try await pipeline.process(submission, progress: progress)
    if let output, let result = report.resultPath { try ResultCopy.put(result, at: output, in: home) }
    return report
  }

  /// Everything short of moving money.
  ///
  /// - Throws: `Rejection` when the file would be rejected.
  public func check(
    _ path: String, bareArray: BareArrayIdentity? = nil, progress: @escaping ProgressObserver = { _ in }
  ) async throws -> CheckReport {
    try await pipeline.check(path, bareArray: bareArray, progress: progress)
  }
}

extension Station {
  /// Opens the stores and keys of the home for work on files.
  public func processor() async throws -> Processor {
    Processor(try await pipeline(), home: home.path, submitter: systemUser.name)
  }
}
