import Batch

/// The errors of one file as they are found: all are counted, the first thousand are kept.
struct ProblemList {
  private(set) var problems: [Problem] = []
  private(set) var count = 0

  mutating func append(_ problem: Problem) {
    count += 1
    if problems.count < Rejection.maximumProblems { problems.append(problem) }
  }

  mutating func append(contentsOf more: [Problem], count: Int? = nil) {
    self.count += max(count ?? 0, more.count)
    problems.append(contentsOf: more.prefix(Rejection.maximumProblems - problems.count))
  }

  /// The rejection that the errors make; `nil` when there are none.
  var rejection: Rejection? { Rejection(problems, errorCount: count) }
}
