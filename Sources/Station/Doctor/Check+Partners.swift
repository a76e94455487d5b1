import Batch
import Cryptography
import Partners

extension Check {
  static let partners = Check("partners", "whether each can be read, can sign and can be answered") { patient in
    let now = patient.clock.now()
    var findings: [Finding] = []
    for partner in patient.partners {
      switch partner {
      case .failure(let error): findings.append(Finding(error, about: "partners"))
      case .success(let partner): findings += partnerFindings(partner, at: now)
      }
    }
    // Whether two of them claim one key.
    if findings.isEmpty { _ = try PartnerDirectory(path: patient.home.partners).all() }
    return findings
  }

  private static func partnerFindings(_ partner: Partner, at now: Timestamp) -> [Finding] {
    let name = partner.name
    var findings =
      ends(partner.signingCertificates, name, "--add-signing-cert", at: now)
      + ends(partner.encryptionCertificates, name, "--add-encryption-cert", at: now)
    let signers = partner.signerCount(at: now)
    if signers < partner.policy.requiredSignatures {
      findings.append(
        .problem(
          name, "it needs \(partner.policy.requiredSignatures) signers, and \(signers) can sign now",
          remedy: "register certificates that are valid with disburse partner update \(name) --add-signing-cert FILE"))
    }
    do throws(PartnersError) { _ = try partner.sealableCertificates(at: now) } catch {
      findings.append(Finding(error, about: name))
    }
    return findings
  }

  /// An ended certificate beside others is to be tidied; that none is left is said once, and graver.
  private static func ends(_ certificates: [Certificate], _ name: String, _ option: String, at now: Timestamp)
    -> [Finding]
  {
    certificates.flatMap { certificate in
      certificate.endFindings(
        "\(name), \(certificate.subject)", at: now,
        remedy: "register the next one with disburse partner update \(name) \(option) FILE, and take this one off with "
          + "--remove-cert \(certificate.fingerprint.prefix(16))"
      ).map { .warning($0.subject, $0.what, remedy: $0.remedy) }
    }
  }
}
