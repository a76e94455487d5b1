import Batch
import Journal
import Partners

/// Nobody releases what they handed in themselves.
enum FourEyes {
  /// Refuses a release by whoever signed the batch, handed it in, or ordered the retry that is to be released.
  ///
  /// - Parameter partner: the batch's, while it is registered.
  static func check(
    _ identity: OperatorIdentity, releasing batch: BatchRecord, of partner: Partner?
  ) throws(StationError) {
    guard let person = identity.person else { return }
    let user = identity.user
    let provenance = batch.provenance
    let batchID = batch.header.batchID
    let registered = partner?.signingCertificates ?? []
    if person.hasSubmitted(
      signerKeys: provenance.signerKeys, among: registered, submitter: provenance.submitter)
      || provenance.submitter != nil && provenance.submitter == user
    {
      throw refusal("\(person.name) has signed or handed in the batch \(batchID) and can't release it")
    }
    if provenance.submitter != nil, user == nil, person.user == nil {
      throw .operatorRefused(
        reason: """
          \(person.name) has signed elsewhere and has no registered login, so it is not known whether they handed in the \
          batch \(batchID)
          """,
        remedy: "register their login with disburse operator update \(person.name) --user LOGIN")
    }
    guard let orderedBy = batch.orderedBy else { return }
    let own: [AuditActor] = [identity.actor] + [person.user, user].compactMap { $0.map(AuditActor.user) }
    if own.contains(orderedBy) {
      throw refusal("\(person.name) has ordered the retry of the batch \(batchID) and can't release it")
    }
  }

  private static func refusal(_ reason: String) -> StationError {
    .operatorRefused(reason: reason, remedy: "have another operator approve it")
  }
}
