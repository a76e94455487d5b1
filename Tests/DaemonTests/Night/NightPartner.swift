import Foundation
import TestKit

/// One of the partners of a night, with keys of its own.
struct NightPartner: Sendable {
  let name: String
  let maker: PartnerKey
  let checker: PartnerKey
  let expired: PartnerKey
  let encryption: PartnerKey
  /// What its funding account holds before the night, in RWF.
  let funded: Int
  /// How many signatures it needs.
  let signatures: Int

  init(_ name: String, signatures: Int, funded: Int, in directory: TemporaryDirectory) throws {
    self.name = name
    self.funded = funded
    self.signatures = signatures
    maker = try PartnerKey("\(name)-maker", for: .signature, in: directory)
    checker = try PartnerKey("\(name)-checker", for: .signature, in: directory)
    expired = try PartnerKey(
      "\(name)-expired", for: .signature, in: directory, validity: ("20200101000000Z", "20210101000000Z"))
    encryption = try PartnerKey("\(name)-encryption", for: .agreement, in: directory)
  }

  /// Who signs its good files.
  var signers: [PartnerKey] { signatures == 2 ? [maker, checker] : [maker] }

  /// Registers it, with rules that its bad files break.
  func register(at home: TestHome) throws {
    // An ended certificate can't be registered any more; this one ended while it was.
    try home.expectSuccess([
      "partner", "add", name, "--signing-cert", maker.certificate, "--signing-cert", checker.certificate,
      "--encryption-cert", encryption.certificate, "--require-signatures", "\(signatures)", "--programs", "VUP,HEALTH",
      "--currencies", "RWF", "--max-instruction", "50000RWF", "--max-batch", "400000RWF",
    ])
    let ended = "\(name).ended.crt"
    try Command.tool("install", ["-m", "0600", expired.certificate, "\(home.path)/partners/\(ended)"])
    try home.edit("\(home.path)/partners/\(name).yaml") {
      $0.replacing("signingCertificates:\n", with: "signingCertificates:\n- \(ended)\n")
    }
    try home.expectSuccess(["wallet", "fund", name, "\(funded)", "RWF"])
    try FileManager.default.createDirectory(
      atPath: "\(home.path)/spool/inbox/\(name)", withIntermediateDirectories: true)
  }

  /// A result of its own, opened with `openssl`.
  func open(_ result: String, from processor: String) throws -> JSON {
    let signed = try Command.openssl([
      "cms", "-decrypt", "-binary", "-inform", "DER", "-in", result, "-recip", encryption.certificate, "-inkey",
      encryption.key,
    ])
    let content = try Command.openssl(
      [
        "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", processor, "-no-CApath", "-no-CAstore", "-purpose",
        "any",
      ], input: signed)
    return try JSON(object: Command.tool("gunzip", ["-c"], input: content))
  }
}
