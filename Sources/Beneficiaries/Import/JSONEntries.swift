internal import Batch

/// Reads the entries of a JSON file, in our own shape or in that of GovStack's account mapper.
struct JSONEntries {
  private var reader = EntryReader(arrayNames: ["beneficiaries", "Beneficiaries"], entryName: "a beneficiary")
  private var values: [EntryReader.Entry] = []
  private(set) var ignoredMemberCount = 0

  /// Reads the next piece; false when nothing behind it can be read.
  mutating func push(_ bytes: UnsafeRawBufferPointer, into entries: inout [ImportEntry]) -> Bool {
    values.removeAll(keepingCapacity: true)
    var failure: JSONSyntaxError?
    do throws(JSONSyntaxError) { try reader.push(bytes, into: &values) } catch { failure = error }
    for value in values { entries.append(entry(value)) }
    if let failure { entries.append(ImportEntry(.byteOffset(failure.byteOffset), fault: failure.message)) }
    return failure == nil
  }

  func finish(into entries: inout [ImportEntry]) {
    do throws(JSONSyntaxError) { try reader.finish() } catch {
      entries.append(ImportEntry(.byteOffset(error.byteOffset), fault: error.message))
    }
  }

  private mutating func entry(_ entry: EntryReader.Entry) -> ImportEntry {
    let place = ImportPlace.pointer("\(reader.arrayPointer)/\(entry.index)")
    switch entry.value {
    case .failure(let error): return ImportEntry(place, fault: "\(error.message), at byte \(error.byteOffset)")
    case .success(.object(let members)): return ImportEntry(place, fields(members).read())
    case .success(let value): return ImportEntry(place, fault: "must be an object, not \(value.kindName)")
    }
  }

  private mutating func fields(_ members: [(String, JSONValue)]) -> StatedFields {
    var fields = StatedFields()
    for (name, value) in members {
      guard let field = BeneficiaryField(named: name) else {
        ignoredMemberCount += 1
        continue
      }
      switch value {
      case .null: continue
      case .string(let text):
        if fields[field] != nil { fields.faults.append("\(field.rawValue): is named twice") }
        // An encoder that writes every member has the empty text for what there is not.
        if !text.isEmpty || field == .id || field == .modality { fields[field] = text }
      case .object, .array, .integer, .number, .bool:
        fields.faults.append("\(field.rawValue): must be a string, not \(value.kindName)")
      }
    }
    return fields
  }
}
