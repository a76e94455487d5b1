internal import Batch
internal import GRDB
internal import Storage

extension AccountMapper {
  /// The entries that one transaction writes: enough that the pages of a large table are not written too often.
  static let chunkSize = 65_536

  /// Imports the file at `path`, or standard input for `-`, if nothing in it is wrong.
  ///
  /// The file is read twice: first everything is checked and nothing written, then it is written in durable chunks. An
  /// import that was interrupted is repeated, and changes only what it had not reached. An entry takes the place of the
  /// beneficiary with its ID; where it says nothing of the state, that stays.
  ///
  /// - Throws: `rejected` with what is wrong, `notRepeatable` for a pipe.
  public func importFile(
    _ path: String, _ format: ImportFormat
  ) async throws(BeneficiariesError) -> ImportReport {
    try await importFile(path, format, chunkSize: Self.chunkSize)
  }

  func importFile(
    _ path: String, _ format: ImportFormat, chunkSize: Int
  ) async throws(BeneficiariesError) -> ImportReport {
    let file = try ImportFile(path)
    try Self.examine(file, format)
    var pass = ImportPass(file, format)
    var entries: [ImportEntry] = []
    var chunk: [StatedBeneficiary] = []
    var report = ImportReport()
    while try pass.read(into: &entries) {
      for entry in entries {
        guard case .success(let stated) = entry.content else { throw .changed(path: file.path) }
        chunk.append(stated)
        guard chunk.count >= chunkSize else { continue }
        try await write(chunk, &report)
        chunk.removeAll(keepingCapacity: true)
      }
      entries.removeAll(keepingCapacity: true)
    }
    if !chunk.isEmpty { try await write(chunk, &report) }
    report.ignoredMemberCount = pass.ignoredMemberCount
    return report
  }

  private func write(_ chunk: [StatedBeneficiary], _ report: inout ImportReport) async throws(BeneficiariesError) {
    // In the order of the keys, so that each page is changed once.
    let sorted = chunk.sorted { $0.beneficiary.id < $1.beneficiary.id }
    let written = try await store.write(throwing: BeneficiariesError.self) { db in
      let lookup = try BeneficiaryLookup(db)
      let writer = try BeneficiaryWriter(db)
      var report = ImportReport()
      for stated in sorted {
        let present = try lookup.beneficiary(stated.beneficiary.id)
        let wanted = stated.beneficiary(inPlaceOf: present)
        if let present, present.leads(to: wanted), present.state == wanted.state {
          report.unchanged += 1
        } else if present != nil {
          try writer.replace(with: wanted)
          report.changed += 1
        } else {
          try writer.add(wanted)
          report.added += 1
        }
      }
      CrashPoint.reached(.beneficiariesImportBeforeCommit)
      return report
    }
    CrashPoint.reached(.beneficiariesImportCommitted)
    report.count += chunk.count
    report.added += written.added
    report.changed += written.changed
    report.unchanged += written.unchanged
  }

  /// The first reading: everything that is wrong.
  private static func examine(_ file: ImportFile, _ format: ImportFormat) throws(BeneficiariesError) {
    var problems = ImportProblems()
    var search = RepetitionSearch()
    try forEachEntry(of: file, format) { entry in
      switch entry.content {
      case .success(let stated): search.note(stated)
      case .failure(let faults): for message in faults.messages { problems.add(entry.place, message) }
      }
    }
    let contradictions = search.contradictions(limit: ImportRejection.maximumListed)
    if !contradictions.ids.isEmpty {
      try listContradictions(of: contradictions.ids, in: file, format, &problems)
      problems.addUnlisted(contradictions.unlistedCount)
    }
    guard problems.isEmpty else {
      throw .rejected(
        ImportRejection(path: file.path, problems: problems.listed, problemCount: problems.count))
    }
  }

  /// Reads the file once more for the IDs that stand in it with different content.
  private static func listContradictions(
    of ids: Set<UInt64>, in file: ImportFile, _ format: ImportFormat, _ problems: inout ImportProblems
  ) throws(BeneficiariesError) {
    var first: [FunctionalID: (place: ImportPlace, content: UInt64)] = [:]
    try forEachEntry(of: file, format) { entry in
      guard case .success(let stated) = entry.content else { return }
      let id = stated.beneficiary.id
      guard ids.contains(RepetitionSearch.hash(id)) else { return }
      let content = RepetitionSearch.contentHash(stated)
      guard let known = first[id] else {
        first[id] = (entry.place, content)
        return
      }
      guard known.content != content else { return }
      problems.add(
        entry.place, "\(BeneficiaryField.id.rawValue): the same ID stands at \(known.place) with other content")
    }
  }

  private static func forEachEntry(
    of file: ImportFile, _ format: ImportFormat, _ body: (ImportEntry) -> Void
  ) throws(BeneficiariesError) {
    var pass = ImportPass(file, format)
    var entries: [ImportEntry] = []
    while try pass.read(into: &entries) {
      for entry in entries { body(entry) }
      entries.removeAll(keepingCapacity: true)
    }
  }
}

extension StatedBeneficiary {
  /// What the file makes of the beneficiary that is there.
  fileprivate func beneficiary(inPlaceOf present: Beneficiary?) -> Beneficiary {
    guard let present, !statesState else { return beneficiary }
    return Beneficiary(
      stored: beneficiary.id, modality: beneficiary.modality, provider: beneficiary.provider,
      address: beneficiary.address, state: present.state)
  }
}
