/// What a chunk of records says.
public struct DecodedChunk: Sendable {
  /// The instructions in the document's order, those with a `refusal` too; records with a problem are left out.
  public internal(set) var instructions: [Instruction] = []
  /// Errors of the file, in the document's order, at most `Rejection.maximumProblems`.
  public internal(set) var problems: [Problem] = []
  /// How many errors there are in all.
  public internal(set) var problemCount = 0
  /// What the records count and sum to.
  public internal(set) var totals = ControlTotals()
  /// Members that the format does not know.
  public internal(set) var unknownMemberCount = 0

  mutating func add(_ problem: Problem) {
    problemCount += 1
    if problems.count < Rejection.maximumProblems { problems.append(problem) }
  }
}
