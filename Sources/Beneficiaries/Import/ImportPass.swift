/// One reading of a file from its beginning to its end.
struct ImportPass {
  private static let blockBytes = 1 << 18

  private enum Parser {
    case json(JSONEntries)
    case csv(CSVEntries)
  }

  private let file: ImportFile
  private var parser: Parser
  private var block = [UInt8](repeating: 0, count: blockBytes)
  private var offset = 0
  private var isAtEnd = false

  init(_ file: ImportFile, _ format: ImportFormat) {
    self.file = file
    parser =
      switch format {
      case .json: .json(JSONEntries())
      case .csv: .csv(CSVEntries())
      }
  }

  /// Members and columns so far that the format does not know.
  var ignoredMemberCount: Int {
    switch parser {
    case .json(let entries): entries.ignoredMemberCount
    case .csv(let entries): entries.ignoredMemberCount
    }
  }

  /// Adds the entries of the next block of the file; false when there are no more.
  mutating func read(into entries: inout [ImportEntry]) throws(BeneficiariesError) -> Bool {
    guard !isAtEnd else { return false }
    let count = try fill()
    if count == 0 {
      isAtEnd = true
      finish(into: &entries)
      try file.checkUnchanged()
      return true
    }
    // Spreadsheets begin a file in UTF-8 with a byte order mark (RFC 3629 §6).
    let mark = offset == 0 && block.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    offset += count
    if !push(mark..<count, into: &entries) { isAtEnd = true }
    return true
  }

  private mutating func fill() throws(BeneficiariesError) -> Int {
    do {
      return try block.withUnsafeMutableBytes { [file, offset] in try file.read(into: $0, at: offset) }
    } catch let error as BeneficiariesError {
      throw error
    } catch {
      throw .unreadable(path: file.path, reason: "\(error)")
    }
  }

  private mutating func push(_ range: Range<Int>, into entries: inout [ImportEntry]) -> Bool {
    block.withUnsafeBytes { bytes in
      let bytes = UnsafeRawBufferPointer(rebasing: bytes[range])
      switch parser {
      case .json(var json):
        // Taken out while it works, so that it is not copied.
        parser = .json(JSONEntries())
        defer { parser = .json(json) }
        return json.push(bytes, into: &entries)
      case .csv(var csv):
        parser = .csv(CSVEntries())
        defer { parser = .csv(csv) }
        return csv.push(bytes, into: &entries)
      }
    }
  }

  private mutating func finish(into entries: inout [ImportEntry]) {
    switch parser {
    case .json(let json): json.finish(into: &entries)
    case .csv(var csv):
      csv.finish(into: &entries)
      parser = .csv(csv)
    }
  }
}
