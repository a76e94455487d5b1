internal import Batch

/// Reads the entries of a CSV file, whose first row names the columns in any order.
struct CSVEntries {
  private var reader = CSVReader()
  private var rows: [CSVReader.Row] = []
  /// What each column is; `nil` before the header row.
  private var columns: [BeneficiaryField?]?
  private var isBroken = false
  private(set) var ignoredMemberCount = 0

  /// Reads the next piece; false when nothing behind it can be read.
  mutating func push(_ bytes: UnsafeRawBufferPointer, into entries: inout [ImportEntry]) -> Bool {
    rows.removeAll(keepingCapacity: true)
    reader.push(bytes, into: &rows)
    read(into: &entries)
    return !isBroken && !reader.isBroken
  }

  mutating func finish(into entries: inout [ImportEntry]) {
    rows.removeAll(keepingCapacity: true)
    reader.finish(into: &rows)
    read(into: &entries)
    if columns == nil, !isBroken { entries.append(ImportEntry(.line(1), fault: "the header row is missing")) }
  }

  private mutating func read(into entries: inout [ImportEntry]) {
    for row in rows where !isBroken {
      if let columns {
        entries.append(ImportEntry(.line(row.line), fault: row.fault) ?? entry(row, columns))
      } else {
        readHeader(row, into: &entries)
      }
    }
  }

  private mutating func readHeader(_ row: CSVReader.Row, into entries: inout [ImportEntry]) {
    let columns = row.fields.map { BeneficiaryField(named: Self.trimmed($0)) }
    var faults = row.fault.map { [$0] } ?? []
    for field in BeneficiaryField.allCases {
      let count = columns.count { $0 == field }
      if count > 1 { faults.append("two columns are \(field.rawValue)") }
      // The names as they stand are not repeated: without a header they would be a beneficiary's.
      if count == 0, field == .id || field == .modality {
        faults.append("the header row names no column \(field.rawValue); columns are separated by commas")
      }
    }
    self.columns = columns
    guard !faults.isEmpty else { return }
    isBroken = true
    entries.append(ImportEntry(.line(row.line), .failure(.init(messages: faults))))
  }

  private mutating func entry(_ row: CSVReader.Row, _ columns: [BeneficiaryField?]) -> ImportEntry {
    guard row.fields.count == columns.count else {
      return ImportEntry(
        .line(row.line), fault: "the row has \(row.fields.count) fields, the header has \(columns.count)")
    }
    var fields = StatedFields()
    for (column, text) in zip(columns, row.fields) {
      guard let column else {
        ignoredMemberCount += 1
        continue
      }
      if !text.isEmpty { fields[column] = text }
    }
    return ImportEntry(.line(row.line), fields.read())
  }

  private static func trimmed(_ name: String) -> String {
    String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

extension ImportEntry {
  fileprivate init?(_ place: ImportPlace, fault: String?) {
    guard let fault else { return nil }
    self.init(place, fault: fault)
  }
}
