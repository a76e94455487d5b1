public import Batch
import Beneficiaries
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
  /// The processor's own key pairs.
  let keys: ProcessorKeys

  /// Opens the home at `path`.
  public init(
    openingHomeAt path: String, clock: any WallClock = SystemClock(), actor: AuditActor? = nil
  ) async throws(StationError) {
    home = try Home(openingAt: path)
    configuration = try await StationConfiguration.read(home.configuration)
    self.clock = clock
    self.actor = actor ?? .user(SystemUser.current(in: home).name)
    keys = ProcessorKeys(
      directory: home.keys,
      passphraseFile: PassphraseFile.find(configured: configuration.keyPassphraseFile, home: home.path))
  }

  /// The person behind this process.
  var systemUser: SystemUser { .current(in: home) }

  /// The register of partners.
  public var partners: PartnerDirectory { PartnerDirectory(path: home.partners) }

  /// The durable record.
  func journal() throws -> SQLiteJournal {
    var options = StoreOptions()
    options.mustExist = true
    return try SQLiteJournal(path: home.store(home.journal), actor: actor, options: options) { [auditHeadFile, clock] in
      await auditHeadFile.renewQuietly(from: $0, at: clock.now())
    }
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

  /// The beneficiaries.
  func accountMapper() throws -> AccountMapper {
    try AccountMapper(path: home.store(home.beneficiaries), mustExist: true)
  }

  /// The pipeline over this home's parts; over `journal`, when one is open already.
  func pipeline(
    over journal: SQLiteJournal? = nil, following: (any Executor) -> any Executor = { $0 }
  ) async throws -> Pipeline {
    let ledger = try ledger()
    let vouchers = try await vouchers()
    // Asked for with each file, so that a rotation is seen by who is at work; and now, since without keys nothing works.
    let keyRing = { @Sendable [keys, clock] in try keys.keyRing(at: clock.now()) }
    let signer = { @Sendable [keys] in try keys.signer() }
    _ = try (keyRing(), signer())
    var parts = Pipeline.Parts(
      processorID: configuration.processorID, keyRing: keyRing, signer: signer, partners: partners,
      journal: try journal ?? self.journal(), wallet: ledger,
      executors: [
        following(TransferExecutor(wallet: ledger, resolver: try payeeResolver())),
        following(VoucherExecutor(issuer: VoucherIssuer(store: vouchers, float: ledger))),
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
