import Batch
import Beneficiaries
import Glibc
import Journal
import LedgerWallet
import Storage
import Vouchers

extension Check {
  // Above it a page-by-page check takes more than some seconds, and is made when it is asked for.
  private static let readableBytes = 1 << 30
  private static let lateSeconds = 24 * 3_600

  static let stores = Check("stores", "journal, ledger, vouchers, beneficiaries: there, whole, synced with each commit")
  {
    patient in
    var findings: [Finding] = []
    findings += await storeFindings(patient.home.journal, patient) { reading in
      try await patient.journal().examineStore(reading)
    }
    findings += await storeFindings(patient.home.ledger, patient) { reading in
      try await patient.ledger().examineStore(reading)
    }
    findings += await storeFindings(patient.home.vouchers, patient) { reading in
      let vault = try VoucherVault(keyFile: patient.home.vaultKey)
      let path = try patient.home.store(patient.home.vouchers)
      return try await VoucherStore(path: path, vault: vault, clock: patient.clock, mustExist: true)
        .examineStore(reading)
    }
    findings += await storeFindings(patient.home.beneficiaries, patient) { reading in
      try await AccountMapper(path: patient.home.store(patient.home.beneficiaries), mustExist: true)
        .examineStore(reading)
    }
    return findings
  }

  static let ledger = Check("ledger", "whether the books balance") { patient in
    guard try patient.reads(patient.home.ledger) else { return [] }
    return try await patient.ledger().verify().discrepancies.map {
      .problem(
        "ledger.sqlite", $0,
        remedy:
          "stop paying (disburse batch hold, or stop the service), keep a copy of the home, and compare with the bank"
      )
    }
  }

  /// A batch that nobody ends is somebody's money.
  static let batches = Check("batches", "batches that have been waiting for a day") { patient in
    let now = patient.clock.now()
    return try await patient.journal().unfinishedBatches().compactMap { batch in
      guard let decided = batch.decidedAt,
        (now.millisecondsSinceEpoch - decided.millisecondsSinceEpoch) / 1_000 > lateSeconds
      else { return nil }
      let id = batch.header.batchID
      let subject = "batch \(id) of \(batch.partner)"
      if let hold = batch.life.hold {
        return .warning(
          subject, "it is held (\(hold.name)) since more than a day, admitted \(decided.rfc3339)",
          remedy: "see disburse batch show \(id); then disburse batch approve, resume or cancel")
      }
      return .warning(
        subject, "it is not completed since more than a day, admitted \(decided.rfc3339)",
        remedy: "see disburse batch show \(id), and start the service or process the file again")
    }
  }

  private static func storeFindings(
    _ path: String, _ patient: Patient, examine: (StoreReading) async throws -> StoreExamination
  ) async -> [Finding] {
    let name = String(path.dropFirst(patient.home.path.count + 1))
    do {
      let isRead = try patient.reads(path)
      let found = try await examine(patient.isDeep ? .everything : isRead ? .pages : .settings)
      var findings = (found.faults ?? []).map { fault in
        Finding.problem(
          name, "SQLite finds it damaged: \(fault)",
          remedy: "stop the service, keep a copy, restore the stores together from a backup, and check the disk")
      }
      if found.synchronous != 2 {
        findings.append(
          .problem(name, "synchronous is \(found.synchronous), not 2 (FULL)", remedy: "report it: commits may be lost"))
      }
      if found.journalMode != "wal" {
        findings.append(
          .problem(name, "its journal mode is \(found.journalMode), not wal", remedy: "let no other program open it"))
      }
      if found.faults == nil {
        findings.append(
          .warning(
            name, "it has more than \(readableBytes >> 30) GiB, and was not read through",
            remedy: "disburse doctor --deep at a quiet time"))
      }
      return findings
    } catch { return [Finding(error, about: name)] }
  }
}

extension Patient {
  func journal() throws -> SQLiteJournal {
    var options = StoreOptions()
    options.mustExist = true
    return try SQLiteJournal(path: home.store(home.journal), options: options)
  }

  func ledger() throws -> LedgerWallet {
    var settings = LedgerSettings()
    settings.mustExist = true
    return try LedgerWallet(path: home.store(home.ledger), settings: settings, clock: clock)
  }

  /// Whether a store is small enough to be read through, or is to be in any case.
  fileprivate func reads(_ path: String) throws -> Bool {
    var status = stat()
    guard stat(try home.store(path), &status) == 0 else {
      throw StationError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    return isDeep || Int(status.st_size) <= 1 << 30
  }
}
