public import Journal

extension Station {
  /// A page of batches, newest first.
  public func batches(_ query: BatchQuery) async throws -> BatchPage {
    var oneMore = query
    oneMore.limit += 1
    let found = try await journal().batches(matching: oneMore)
    let batches = Array(found.prefix(query.limit))
    return BatchPage(batches: batches, next: found.count > query.limit ? batches.last?.number : nil)
  }

  /// The batch under an ID, with its counts and sums. IDs are each partner's own, so two partners may have the same.
  public func batch(_ batchID: String, partner: String?) async throws -> (record: BatchRecord, summary: BatchSummary) {
    let journal = try journal()
    var query = BatchQuery()
    query.batchID = batchID
    query.partner = partner
    let found = try await journal.batches(matching: query)
    // A batch that was rejected and came again corrected is the later one.
    let partners = Set(found.map(\.partner))
    guard let record = found.first else {
      throw StationError.notFound("no batch \(batchID)\(partner.map { " of \($0)" } ?? "") is known")
    }
    guard partners.count == 1 else {
      throw StationError.refused(
        "several partners have a batch \(batchID): \(partners.sorted().joined(separator: ", ")); name one with --partner"
      )
    }
    return (record, try await journal.summary(of: record.number))
  }

  /// Where the last published result of a batch is; `nil` before there is one.
  public func resultPath(of batch: BatchRecord) -> String? {
    guard batch.isPublished, let publication = batch.publication else { return nil }
    return "\(home.outbox)/\(publication.path)"
  }

  /// A page of instructions with their states, of any batches.
  public func payments(_ query: LineQuery) async throws -> LinePage {
    try await journal().lines(matching: query)
  }
}
