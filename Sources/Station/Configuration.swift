public import Beneficiaries
import Configuration
import Glibc
public import Logging
public import Partners
public import Pipeline
import SystemPackage
import Yams

/// What a home's `disburse.yaml` says, with the environment over it.
public struct StationConfiguration: Sendable {
  /// The name of this processor, as partners call it.
  public let processorID: String
  /// Whether the ledger opens an account for a payee that it has not seen.
  public let ledgerOpensOnCredit: Bool
  /// The ways of payment that the ledger serves for beneficiaries of the account mapper.
  public let ledgerModalities: Set<Modality>
  /// How the work is spread.
  public let dispatch: DispatchSettings
  /// How the spool is watched.
  public let spool: SpoolSettings
  /// How many batches the daemon works on at once.
  public let batchesAtOnce: Int
  /// The most instructions that a batch may have.
  public let maximumInstructions: Int
  /// The largest opened document, in bytes.
  public let maximumDocumentBytes: Int
  /// Whether demo keys are taken: for the demo only.
  public let allowsDemoKeys: Bool
  /// How it is known which operator gives an order.
  public let operatorAuthentication: OperatorAuthentication
  /// Where the passphrase of the private keys is; empty when they stand in clear, or a credential has it.
  public let keyPassphraseFile: String
  /// How lines of the log are written.
  public let logFormat: LogFormat
  /// Below it nothing is logged.
  public let logLevel: Logger.Level
  /// The loopback port of health and metrics; 0 for none.
  public let monitorPort: Int
  /// Where the operator is told of batches that are held, rejected or done.
  public let notices: NoticeTargets

  // What holds when neither the file nor the environment says otherwise; also the list of what may be said.
  private static let defaults: [AbsoluteConfigKey: ConfigValue] = {
    let dispatch = DispatchSettings()
    let spool = SpoolSettings()
    return [
      "ledger.openOnCredit": true,
      "ledger.modalities": "01,03",
      "dispatch.lanes": ConfigValue(integerLiteral: dispatch.lanes),
      "dispatch.claimSize": ConfigValue(integerLiteral: dispatch.claimSize),
      "dispatch.claimsInFlight": ConfigValue(integerLiteral: dispatch.claimsInFlight),
      "dispatch.waitForFinalSeconds": ConfigValue(integerLiteral: dispatch.waitForFinalSeconds),
      "dispatch.batchesAtOnce": 8,
      "spool.settleSeconds": ConfigValue(integerLiteral: spool.settleSeconds),
      "spool.truncatedAfterSeconds": ConfigValue(integerLiteral: spool.truncatedAfterSeconds),
      "spool.scanSeconds": ConfigValue(integerLiteral: spool.scanSeconds),
      "spool.filesAtOnce": ConfigValue(integerLiteral: spool.filesAtOnce),
      "batch.maximumInstructions": 10_000_000,
      "batch.maximumDocumentBytes": 17_179_869_184,
      "keys.allowDemoKeys": false,
      "operators.authentication": ConfigValue(stringLiteral: OperatorAuthentication.systemUser.rawValue),
      "keys.passphraseFile": "",
      "log.format": "text",
      "log.level": "info",
      "monitor.port": 9464,
      "notices.command": "",
      "notices.directory": "",
    ]
  }()

  /// What guards money stands in the file only: whoever runs a command sets its environment.
  private static let fileOnly = ["keys.allowDemoKeys", "operators.authentication"]

  /// The environment's names of the keys that it may override.
  static var environmentNames: [String] {
    (defaults.keys.map { $0.components.joined(separator: ".") } + ["processorID"]).filter { !fileOnly.contains($0) }
      .map(environmentName).sorted()
  }

  /// The environment's name of a key: a capital letter behind a small one begins a word.
  private static func environmentName(_ key: String) -> String {
    var name = ""
    for character in key.replacing(".", with: "_") {
      if character.isUppercase, name.last?.isLowercase == true { name += "_" }
      name.append(character)
    }
    return "DISBURSE_\(name.uppercased())"
  }

  /// Reads the file at `path`; `DISBURSE_DISPATCH_LANES` in the environment stands over `dispatch.lanes`.
  ///
  /// - Throws: `StationError.configuration`, also when the environment has a key that stands in the file only.
  public static func read(_ path: String) async throws(StationError) -> StationConfiguration {
    try checkKeys(of: path)
    for key in fileOnly where getenv(environmentName(key)) != nil {
      throw .configuration(
        path: path, reason: "\(key) is taken from this file only; unset the variable \(environmentName(key))")
    }
    do {
      let file = try await FileProvider<YAMLSnapshot>(filePath: FilePath(path))
      let reader = ConfigReader(providers: [
        EnvironmentVariablesProvider().prefixKeys(with: "disburse"), file, InMemoryProvider(values: defaults),
      ])
      let fileReader = ConfigReader(providers: [file, InMemoryProvider(values: defaults)])
      return try StationConfiguration(reader, fileOnly: fileReader)
    } catch let error as StationError {
      throw error
    } catch { throw .configuration(path: path, reason: "\(error)") }
  }

  /// Refuses a key that means nothing: what was misspelt would be its default.
  private static func checkKeys(of path: String) throws(StationError) {
    let text = String(decoding: try TextFile.read(path), as: UTF8.self)
    let root: Node?
    do { root = try Yams.compose(yaml: text) } catch { throw .configuration(path: path, reason: "\(error)") }
    guard let mapping = root?.mapping else { throw .configuration(path: path, reason: "there are no keys in it") }
    let known = Set(defaults.keys.map { $0.components.joined(separator: ".") } + ["processorID"])
    for (key, value) in mapping {
      let name = key.string ?? "\(key)"
      // A section has only keys in it, and may have none.
      let keys = value.mapping.map { $0.keys.map { "\(name).\($0.string ?? "\($0)")" } } ?? [name]
      let isEmptySection = value.null != nil && known.contains { $0.hasPrefix(name + ".") }
      for key in keys where !known.contains(key) && !isEmptySection {
        let names = known.sorted().joined(separator: ", ")
        throw .configuration(path: path, reason: "\(key) is no key of the configuration; there are \(names)")
      }
    }
  }

  private init(_ reader: ConfigReader, fileOnly: ConfigReader) throws {
    processorID = try reader.requiredString(forKey: "processorID")
    ledgerOpensOnCredit = try reader.requiredBool(forKey: "ledger.openOnCredit")
    ledgerModalities = try Self.modalities(try reader.requiredString(forKey: "ledger.modalities"))
    var dispatch = DispatchSettings()
    dispatch.lanes = try Self.count(reader, "dispatch.lanes", 1...256)
    dispatch.claimSize = try Self.count(reader, "dispatch.claimSize", 1...262_144)
    dispatch.claimsInFlight = try Self.count(reader, "dispatch.claimsInFlight", 1...64)
    dispatch.waitForFinalSeconds = try Self.count(reader, "dispatch.waitForFinalSeconds", 0...86_400)
    self.dispatch = dispatch
    batchesAtOnce = try Self.count(reader, "dispatch.batchesAtOnce", 1...64)
    var spool = SpoolSettings()
    spool.settleSeconds = try Self.count(reader, "spool.settleSeconds", 0...86_400)
    spool.truncatedAfterSeconds = try Self.count(reader, "spool.truncatedAfterSeconds", 0...604_800)
    spool.scanSeconds = try Self.count(reader, "spool.scanSeconds", 1...300)
    spool.filesAtOnce = try Self.count(reader, "spool.filesAtOnce", 1...64)
    self.spool = spool
    maximumInstructions = try Self.count(reader, "batch.maximumInstructions", 1...4_294_967_295)
    maximumDocumentBytes = try Self.count(reader, "batch.maximumDocumentBytes", 1...1 << 50)
    allowsDemoKeys = try fileOnly.requiredBool(forKey: "keys.allowDemoKeys")
    let word = try fileOnly.requiredString(forKey: "operators.authentication")
    guard let authentication = OperatorAuthentication(rawValue: word) else {
      throw StationError.configuration(
        path: "disburse.yaml", reason: "operators.authentication is system-user or certificate, not \(word)")
    }
    operatorAuthentication = authentication
    keyPassphraseFile = try reader.requiredString(forKey: "keys.passphraseFile")
    logFormat = try Self.word(reader, "log.format", LogFormat.allCases)
    logLevel = try Self.word(reader, "log.level", Logger.Level.allCases)
    monitorPort = try Self.count(reader, "monitor.port", 0...65_535)
    notices = try Self.noticeTargets(reader)
  }

  private static func word<Word: RawRepresentable>(_ reader: ConfigReader, _ key: String, _ words: [Word]) throws
    -> Word where Word.RawValue == String
  {
    let text = try reader.requiredString(forKey: ConfigKey(key))
    guard let word = Word(rawValue: text) else {
      throw StationError.configuration(
        path: "disburse.yaml", reason: "\(key) is \(text); it may be \(words.map(\.rawValue).joined(separator: ", "))")
    }
    return word
  }

  private static func noticeTargets(_ reader: ConfigReader) throws -> NoticeTargets {
    let command = try reader.requiredString(forKey: "notices.command")
    let directory = try reader.requiredString(forKey: "notices.directory")
    do throws(PartnersError) {
      return try NoticeTargets(
        command: command.isEmpty ? nil : command, directory: directory.isEmpty ? nil : directory)
    } catch { throw StationError.configuration(path: "disburse.yaml", reason: "notices: \(error)") }
  }

  private static func count(_ reader: ConfigReader, _ key: String, _ range: ClosedRange<Int>) throws -> Int {
    let value = try reader.requiredInt(forKey: ConfigKey(key))
    guard range.contains(value) else {
      throw StationError.configuration(
        path: "disburse.yaml", reason: "\(key) is \(value); it may be \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private static func modalities(_ text: String) throws -> Set<Modality> {
    try text.split(separator: ",").reduce(into: []) { modalities, word in
      let code = String(word.drop { $0 == " " }.prefix { $0 != " " })
      guard let modality = Modality(code: code), modality != .voucher else {
        throw StationError.configuration(
          path: "disburse.yaml",
          reason: "ledger.modalities has \(code); there are 00, 01, 03 and 04, with commas between")
      }
      modalities.insert(modality)
    }
  }

  /// The file that a new home gets.
  static func initialText(processorID: String, allowsDemoKeys: Bool, passphraseFile: String?) -> String {
    var text = """
      # The configuration of a disburse home. Keys can be overridden from the environment:
      # dispatch.lanes is DISBURSE_DISPATCH_LANES there; not operators.authentication and keys.allowDemoKeys. What is commented out is the default.

      # The name that partners put into recipientID.
      processorID: \(processorID)

      # ledger:
      #   openOnCredit: true           # a payee that the ledger has not seen gets an account when first paid
      #   modalities: "01,03"          # what it pays beneficiaries by: 00 bank, 01 mobile money, 03 wallet, 04 proxy

      # dispatch:
      #   lanes: 4                     # parallel ways to the wallet; one payee always goes the same way
      #   claimSize: 8192              # instructions claimed by one durable write
      #   claimsInFlight: 3
      #   waitForFinalSeconds: 60      # then a result is published with the rest pending
      #   batchesAtOnce: 8             # by disburse run; a small one never waits for a large one

      # spool:
      #   settleSeconds: 10            # a dropped file is taken once it has been still for so long
      #   truncatedAfterSeconds: 600   # one that ends too early is refused once it has been still for so long
      #   scanSeconds: 5               # the inboxes are looked at so often, besides what the system tells of them
      #   filesAtOnce: 4               # files that are opened and checked at once, one for each partner

      # batch:
      #   maximumInstructions: 10000000
      #   maximumDocumentBytes: 17179869184

      # operators:
      #   authentication: system-user  # or certificate: then an approval, a retry and the like are signed

      # keys:
      #   passphraseFile: FILE         # the private keys are under the passphrase in its first line

      # log:
      #   format: text                 # or json: one object on a line
      #   level: info                  # trace, debug, info, notice, warning, error, critical

      # monitor:
      #   port: 9464                   # /health and /metrics on 127.0.0.1; 0 for none

      # notices:                       # the operator is told of batches that are held, rejected or done
      #   command: /usr/local/bin/tell # gets the message, one JSON object, on its standard input
      #   directory: /var/spool/tell   # gets it as a file

      """
    guard allowsDemoKeys || passphraseFile != nil else { return text }
    text += "\nkeys:\n"
    if allowsDemoKeys { text += "  # For the demo only: everyone has the private keys.\n  allowDemoKeys: true\n" }
    if let passphraseFile {
      // A scalar in single quotes: only the quote itself is doubled (YAML 1.2 §7.3.2).
      text += "  passphraseFile: '\(passphraseFile.replacing("'", with: "''"))'\n"
    }
    return text
  }
}
