import Batch
import Cryptography
import Partners
import Storage
import Vouchers

extension Check {
  /// How long before its end a certificate is told of.
  static let warningDays: Int64 = 30

  static let keys = Check("keys", "whether each opens and belongs to its certificate, and when it ends") { patient in
    let (keys, now) = (patient.keys, patient.clock.now())
    var findings: [Finding] = []
    for purpose in ProcessorKeys.Purpose.allCases {
      do { findings += try keyFindings(purpose, keys, at: now) } catch {
        findings.append(Finding(error, about: "\(purpose.rawValue) keys"))
      }
    }
    return findings + (try leftovers(keys))
  }

  static let vaultKey = Check("vault key", "the key of the vouchers' numbers") { patient in
    _ = try VoucherVault(keyFile: patient.home.vaultKey)
    return []
  }

  /// Everyone has the private halves.
  static let demoKeys = Check("demo keys", "keys that everyone has") { patient in
    let own = (try? patient.keys.list(at: patient.clock.now()))?.map(\.certificate) ?? []
    let partners = patient.partners.compactMap { try? $0.get() }
    let all = own + partners.flatMap { $0.signingCertificates + $0.encryptionCertificates }
    let demo = Set(all.map(\.subject).filter { $0.contains(DemoKeys.organization) }).sorted()
    let remedy = "use keys of your own where money is real, in a home that was made without --allow-demo-keys"
    guard patient.allowsDemoKeys else {
      return demo.map { .problem($0, "it is a demo key, whose private half everyone has", remedy: remedy) }
    }
    let allowed = Finding.warning("keys.allowDemoKeys", "this home takes keys that everyone has", remedy: remedy)
    return [allowed] + demo.map { .warning($0, "it is a demo key, which this home takes", remedy: remedy) }
  }

  private static func keyFindings(_ purpose: ProcessorKeys.Purpose, _ keys: ProcessorKeys, at now: Timestamp) throws
    -> [Finding]
  {
    let entries = try keys.list(at: now).filter { $0.purpose == purpose }
    guard !entries.isEmpty else {
      return [
        .problem(
          "\(purpose.rawValue) keys", "there is none", remedy: "restore it from a backup, or disburse key rotate")
      ]
    }
    return entries.filter(\.isInForce).flatMap { entry in
      let name = "\(purpose.rawValue)-\(entry.number)"
      return usability(entry, name, keys) + ending(entry, name, keys, at: now)
    }
  }

  private static func usability(_ entry: ProcessorKeys.Entry, _ name: String, _ keys: ProcessorKeys) -> [Finding] {
    do { _ = try keys.pair(entry.purpose, entry.number) } catch { return [Finding(error, about: name)] }
    let file = PrivateKeyFile(keys.path(entry.purpose, entry.number, "key"))
    guard keys.passphraseFile != nil, (try? file.isProtected()) == false else { return [] }
    return [
      .warning(name, "its private key is in clear, and the home has a passphrase", remedy: "disburse key protect")
    ]
  }

  private static func ending(
    _ entry: ProcessorKeys.Entry, _ name: String, _ keys: ProcessorKeys, at now: Timestamp
  ) -> [Finding] {
    switch entry.state {
    case .current:
      var findings: [Finding] = []
      if (try? keys.statedEnd(entry.purpose, entry.number)) ?? nil != nil {
        findings.append(
          .warning(
            name, "it has an end, and there is no newer pair: a rotation was not ended",
            remedy: "disburse key rotate once more"))
      }
      let remedy = "disburse key rotate, then disburse key export --all, and give it to each partner"
      return findings + entry.certificate.endFindings(name, at: now, remedy: remedy)
    case .overlapping(let end):
      let days = (end.millisecondsSinceEpoch - now.millisecondsSinceEpoch) / 86_400_000
      guard entry.purpose == .encryption, days < warningDays else { return [] }
      return [
        .warning(
          name, "files that are sealed to it are refused from \(end.rfc3339)",
          remedy: "see that every partner seals to the certificate of disburse key export by then")
      ]
    case .ended: return []
    }
  }

  /// What a stopped command left in the directory of the keys.
  private static func leftovers(_ keys: ProcessorKeys) throws -> [Finding] {
    try ProcessorKeys.Purpose.allCases.flatMap { purpose in
      let orphans = Set(try keys.numbers(purpose, of: ["key"])).subtracting(try keys.numbers(purpose)).sorted()
      return orphans.map { number in
        Finding.warning(
          "\(purpose.rawValue)-\(number).key", "it has no certificate beside it, and is not used",
          remedy: "restore the certificate, or remove the file")
      }
    }
  }
}

extension Certificate {
  /// What is to be said of the certificate's end at `now`.
  func endFindings(_ name: String, at now: Timestamp, remedy: String) -> [Finding] {
    let seconds = now.millisecondsSinceEpoch / 1_000
    let end = Timestamp(millisecondsSinceEpoch: notAfter * 1_000).rfc3339
    if seconds > notAfter { return [.problem(name, "its certificate ended \(end)", remedy: remedy)] }
    if seconds < notBefore {
      return [
        .problem(
          name,
          "its certificate is not valid before \(Timestamp(millisecondsSinceEpoch: notBefore * 1_000).rfc3339)",
          remedy: "set the clock right, or take a certificate that is valid now")
      ]
    }
    guard notAfter - seconds < Check.warningDays * 86_400 else { return [] }
    return [.warning(name, "its certificate ends \(end)", remedy: remedy)]
  }
}
