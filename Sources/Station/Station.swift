public import Batch
import Cryptography
import Envelope
import Glibc
public import Journal
import LedgerWallet
public import Partners
import Pipeline
import Storage
import Vouchers
import Wallet

/// A home at work: puts the parts together. Everything that the command line, and a service after it, can do is here.
public struct Station: Sendable {
  /// The directory that holds everything.
  public let home: Home
  /// What its `disburse.yaml` and the environment say.
  public let configuration: StationConfiguration
  /// What tells the time.
  let clock: any WallClock
  /// Whom the audit trail names for what is done here.
  let actor: AuditActor

  /// Opens the home at `path`.
  public init(
    openingHomeAt path: String, clock: any WallClock = SystemClock(), actor: AuditActor? = nil
  ) async throws(StationError) {
    home = try Home(openingAt: path)
    configuration = try await StationConfiguration.read(home.configuration)
    self.clock = clock
    self.actor = actor ?? .user(SystemUser.current.name)
  }

  /// The register of partners.
  public var partners: PartnerDirectory { PartnerDirectory(path: home.partners) }

  /// The processor's own key pairs.
  var keys: ProcessorKeys { ProcessorKeys(directory: home.keys) }

  /// The durable record.
  func journal() throws -> SQLiteJournal {
    var options = StoreOptions()
    options.mustExist = true
    return try SQLiteJournal(path: home.store(home.journal), actor: actor, options: options)
  }

  /// The embedded wallet.
  func ledger() throws -> LedgerWallet {
    var settings = LedgerSettings()
    settings.openOnCredit = configuration.ledgerOpensOnCredit
    settings.mustExist = true
    return try LedgerWallet(path: home.store(home.ledger), settings: settings, clock: clock)
  }

  /// The vouchers, with the vault that keeps their numbers.
  func vouchers() async throws -> VoucherStore {
    try await VoucherStore(
      path: home.store(home.vouchers), vault: VoucherVault(keyFile: home.vaultKey), clock: clock, mustExist: true)
  }

  /// The pipeline over this home's parts.
  func pipeline() async throws -> Pipeline {
    let ledger = try ledger()
    let vouchers = try await vouchers()
    var parts = Pipeline.Parts(
      processorID: configuration.processorID, keyRing: try keys.keyRing(), signer: try keys.signer(),
      partners: partners, journal: try journal(), wallet: ledger,
      executors: [
        TransferExecutor(wallet: ledger, resolver: NoPayeeResolver()),
        VoucherExecutor(issuer: VoucherIssuer(store: vouchers, float: ledger)),
      ],
      outbox: Outbox(path: home.outbox), locks: LockDirectory(path: home.locks), clock: clock,
      owner: try Self.newOwner(), actor: actor)
    parts.dispatch = configuration.dispatch
    parts.batchLimits.maximumInstructions = configuration.maximumInstructions
    parts.batchLimits.maximumDocumentBytes = configuration.maximumDocumentBytes
    parts.envelopeLimits.maximumDocumentBytes = configuration.maximumDocumentBytes
    return Pipeline(parts)
  }

  /// A name that no other process ever has: process numbers come again, random ones do not.
  private static func newOwner() throws -> ClaimOwner {
    let random = try SecureRandom.bytes(8).reduce(into: "") { $0 += String($1, radix: 16) }
    return ClaimOwner(rawValue: "\(getpid())-\(random)")
  }
}
