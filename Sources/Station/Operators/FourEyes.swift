import Batch
import Journal
import Partners

/// Nobody releases what they handed in themselves.
enum FourEyes {
  /// Refuses a release by whoever signed the batch, handed it in, or ordered the retry that is to be released.
  ///
  /// - Parameters:
  ///   - partner: the batch's, while it is registered.
  ///   - user: the present system user, where operators are known by it; a signature made elsewhere may
  ///     be carried in by anybody.
  static func check(
    _ identity: OperatorIdentity, releasing batch: BatchRecord, of partner: Partner?, user: String?
  ) throws(StationError) {
    guard let person = identity.person else { return }
    let provenance = batch.provenance
    let batchID = batch.header.batchID
    let registered = partner?.signingCertificates ?? []
    if person.hasSubmitted(
      signerKeys: provenance.signerKeys, among: registered, submitter: provenance.submitter)
      || provenance.submitter != nil && provenance.submitter == user
    {
      throw refusal("\(person.name) has signed or handed in the batch \(batchID) and can't release it")
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
