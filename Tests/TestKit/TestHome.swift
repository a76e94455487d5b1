import Foundation

/// A home made by the real program, in a temporary directory, with one partner that has money.
public struct TestHome: Sendable {
  /// The partner that every ready home knows.
  public static let partner = "social-registry"
  /// What the partner's funding account holds at first, in RWF.
  public static let funded = 1_000_000

  /// What else belongs to the test.
  public let directory: TemporaryDirectory
  /// Where the home is.
  public let path: String
  /// What `disburse key export` wrote.
  public let processor: String
  /// The partner's keys.
  public let keys: PartnerKeys

  /// A home with a partner whose maker and checker may sign, either alone, with money and a voucher group.
  ///
  /// The program makes it once; every test gets a copy.
  public init() throws {
    let template = try Self.template.get()
    self.init(in: try TemporaryDirectory(), keys: template.keys)
    try Command.tool("cp", ["-a", template.path, path])
    try Command.tool("cp", [template.processor, processor])
  }

  private init(in directory: TemporaryDirectory, keys: PartnerKeys) {
    self.directory = directory
    self.keys = keys
    path = directory.file("home")
    processor = directory.file("processor.crt")
  }

  private static let template = Result { () throws -> TestHome in
    let home = TestHome(in: try TemporaryDirectory(), keys: try PartnerKeys.shared)
    try home.expectSuccess(["init", "--processor-id", "treasury-disburse"])
    try home.expectSuccess(["key", "export", "-o", home.processor])
    try home.expectSuccess([
      "partner", "add", partner, "--signing-cert", home.keys.maker.certificate, "--signing-cert",
      home.keys.checker.certificate, "--encryption-cert", home.keys.encryption.certificate,
    ])
    try home.expectSuccess(["wallet", "fund", partner, "\(funded)", "RWF"])
    try home.expectSuccess(["voucher", "group", "add", "SCHOOL", "--expires-after", "90d"])
    return home
  }

  /// Runs the program on this home.
  @discardableResult
  public func run(
    _ arguments: [String], environment: [String: String] = [:], input: [UInt8]? = nil
  ) throws -> Execution {
    try Program.run(
      arguments, environment: environment.merging(["DISBURSE_HOME": path]) { first, _ in first }, input: input)
  }

  /// Runs the program on this home, with a report in JSON.
  public func report(_ arguments: [String], environment: [String: String] = [:]) throws -> Execution {
    try run(arguments + ["--format", "json"], environment: environment)
  }

  /// Runs a step that a test stands on; it throws when the step does not succeed.
  @discardableResult
  public func expectSuccess(_ arguments: [String]) throws -> Execution {
    let result = try run(arguments)
    guard result.status == 0 else { throw Command.Failure(description: "disburse \(arguments): \(result)") }
    return result
  }

  /// Changes what the partner may do.
  public func update(_ options: String...) throws { try expectSuccess(["partner", "update", Self.partner] + options) }

  /// Where the partner's own file is.
  public var partnerFile: String { "\(path)/partners/\(Self.partner).yaml" }

  /// Edits a file of the home by hand.
  public func edit(_ file: String, _ change: (String) -> String) throws {
    try Data(change(String(contentsOfFile: file, encoding: .utf8)).utf8).write(to: URL(filePath: file))
  }

  /// A sealed file of the document, as the partner's maker seals it.
  public func sealed(_ document: BatchDocument, by signers: [PartnerKey]? = nil) throws -> String {
    try file(Sealing(by: signers ?? [keys.maker]).seal(document.bytes, to: processor))
  }

  /// The bytes as a dropped file under a name of its own.
  public func file(_ bytes: some Sequence<UInt8>) throws -> String {
    try directory.write(bytes, as: "batch-\(UUID().uuidString).p7m")
  }

  /// Processes a file, with a report in JSON.
  public func process(_ file: String, _ options: [String] = [], environment: [String: String] = [:]) throws
    -> Execution
  {
    try report(["process", file] + options, environment: environment)
  }

  /// What the partner has left, in minor units.
  public func balance(_ currency: String = "RWF") throws -> Int {
    let report = try report(["wallet", "balance", Self.partner, currency])
    guard report.status == 0, let text = try report.json["balances"][0]["amount"].text,
      let balance = Int(text.filter { $0 != "." })
    else { throw Command.Failure(description: "wallet balance: \(report)") }
    return balance
  }

  /// What a payee holds in all, in minor units; 0 without an account.
  public func received(_ payee: String, type: String = "MSISDN") throws -> Int {
    let report = try report(["wallet", "account", "show", type, payee])
    guard report.status == 0 else { return 0 }
    return try report.json["balances"].elements.reduce(0) { $0 + (Int($1["amount"].text ?? "") ?? 0) }
  }

  /// The document of the sealed result that a report of `process` names, opened with `openssl`.
  public func result(of report: Execution, batch index: Int = 0) throws -> JSON {
    guard let path = try report.json["batches"][index]["result"].text else {
      throw Command.Failure(description: "no result is named: \(report)")
    }
    return try JSON(object: Sealing.open(path, as: keys, from: processor))
  }
}
