/// Reads a batch document as it arrives: the header's members, and the instructions cut into chunks of raw records.
///
/// Nothing inside a record is checked here; `InstructionReader` does that, on as many threads as there are. Errors of
/// the header are gathered and thrown by `finish`; an error of the frame (a bracket, a comma) throws at once, after the
/// records before it were handed on.
public struct BatchReader: Sendable {
  /// What to read.
  public enum Mode: Hashable, Sendable {
    /// The header and all records.
    case everything
    /// The header; records are only counted. May be stopped as soon as `headerIsComplete`.
    case headerOnly
  }

  private let limits: BatchLimits
  private let bareArray: BareArrayIdentity?
  private let mode: Mode
  private var splitter: DocumentSplitter
  private var decoder = HeaderDecoder()
  private var chunk: ChunkBuilder
  /// How often an instruction array began; all but the first are errors.
  private var arrayCount = 0
  private var count = 0
  private var rejection: Rejection?

  /// A reader at the start of a document; `bareArray` names the sender of a document that is an array only.
  public init(limits: BatchLimits = BatchLimits(), bareArray: BareArrayIdentity? = nil, mode: Mode = .everything) {
    self.limits = limits
    self.bareArray = bareArray
    self.mode = mode
    chunk = ChunkBuilder(limits: limits)
    splitter = DocumentSplitter(arrayNames: BatchKind.allCases.map(\.arrayName), limits: limits)
  }

  /// The header's members seen so far.
  public var headerSoFar: PartialHeader { decoder.header }

  /// Whether everything that decides about the batch was seen: in `.headerOnly` mode, reading may stop.
  public var headerIsComplete: Bool { decoder.header.isComplete }

  /// Takes the next bytes of the document and hands on each chunk of records that is full.
  ///
  /// Throws a `Rejection`, or whatever `emit` throws.
  public mutating func consume(_ bytes: UnsafeRawBufferPointer, emit: (RecordChunk) throws -> Void) throws {
    if let rejection { throw rejection }
    var at = 0
    do {
      while let full = try nextChunk(bytes, &at) { try emit(full) }
      try splitter.endPush(bytes)
    } catch let failure as DocumentSplitter.Failure {
      throw try stop(failure, emit: emit)
    }
  }

  /// Ends the document: hands on the last chunk and answers what stands beside the records.
  ///
  /// In `.headerOnly` mode it may be called before the document's end, once `headerIsComplete`. Throws a
  /// `Rejection` with all errors of the header and the frame, or whatever `emit` throws.
  public mutating func finish(emit: (RecordChunk) throws -> Void) throws -> BatchFrame {
    if let rejection { throw rejection }
    let mayStop = mode == .headerOnly && decoder.header.isComplete
    if !mayStop || splitter.isAtEnd {
      do {
        try splitter.finish()
      } catch {
        throw try stop(error, emit: emit)
      }
      decoder.checkRequiredMembers()
      if splitter.isAtEnd, arrayCount > 0, count == 0 {
        decoder.add(
          Problem(.schema, pointer: arrayPointer, byteOffset: nil, "a batch must have at least one instruction"))
      }
    }
    if let full = chunk.take() { try emit(full) }
    if let rejection = decoder.rejection() { throw rejection }
    guard let header = decoder.header.header else {
      throw Rejection(Problem(.schema, "batchID, sourceBBID or the instructions are missing"))
    }
    return BatchFrame(
      header: header, control: decoder.header.control, count: count,
      unknownMemberCount: decoder.unknownMemberCount, isWhole: splitter.isAtEnd)
  }

  private var arrayPointer: String {
    splitter.isBareArray ? "" : decoder.header.kind.map { "/" + $0.arrayName } ?? ""
  }

  /// Reads on to the next full chunk; `nil` when the push is used up.
  private mutating func nextChunk(
    _ bytes: UnsafeRawBufferPointer, _ at: inout Int
  ) throws(DocumentSplitter.Failure) -> RecordChunk? {
    while let event = try splitter.next(bytes, &at) {
      switch event {
      case .record(let offset):
        if arrayCount > 1 { continue }
        guard count < limits.maximumInstructions else {
          throw DocumentSplitter.Failure(
            code: .batchTooLarge, place: .record, documentOffset: offset,
            message: "a batch may have at most \(limits.maximumInstructions) instructions")
        }
        count += 1
        guard mode == .everything else { continue }
        splitter.withValue(bytes) { chunk.add($0, documentOffset: offset) }
        if chunk.isFull { return chunk.take() }
      case .arrayBegan(let name, let offset): try beginArray(name, offset)
      case .arrayEnded: if let last = chunk.take() { return last }
      case .member(let name, let nameOffset, let valueOffset):
        splitter.withValue(bytes) {
          decoder.take(name, nameOffset: nameOffset, $0, valueOffset: valueOffset, limits.maximumDepth)
        }
      }
    }
    return nil
  }

  private mutating func beginArray(_ name: [UInt8], _ offset: Int) throws(DocumentSplitter.Failure) {
    arrayCount += 1
    if splitter.isBareArray {
      guard let bareArray else {
        throw DocumentSplitter.Failure(
          code: .schema, place: .document, documentOffset: offset,
          message: "the document is an array; a batch must be an object with batchID, sourceBBID and creditInstructions"
        )
      }
      decoder.take(bareArray)
    } else {
      decoder.beginArray(name, offset: offset)
    }
    chunk.begin(pointer: arrayPointer, isBareArray: splitter.isBareArray, header: decoder.header)
  }

  /// Hands on what was read before a failure and answers the rejection to throw.
  private mutating func stop(
    _ failure: DocumentSplitter.Failure, emit: (RecordChunk) throws -> Void
  ) throws -> Rejection {
    let pointer: String? =
      switch failure.place {
      case .document: nil
      case .record: arrayCount > 1 ? nil : "\(arrayPointer)/\(count)"
      case .member(let name): JSONPointer.member(String(decoding: name, as: UTF8.self))
      }
    decoder.add(
      Problem(failure.code, pointer: pointer, byteOffset: failure.documentOffset, failure.message))
    let rejection = decoder.rejection() ?? Rejection(Problem(failure.code, failure.message))
    self.rejection = rejection
    if let rest = chunk.take() { try emit(rest) }
    return rejection
  }
}

extension BatchKind {
  /// The name of the instruction array in the document.
  public var arrayName: String {
    switch self {
    case .credit: "creditInstructions"
    case .voucher: "voucherInstructions"
    }
  }
}

/// JSON pointers (RFC 6901).
enum JSONPointer {
  /// The pointer of a member of the document, its name escaped.
  static func member(_ name: String) -> String {
    var pointer = "/"
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": pointer += "~0"
      case "/": pointer += "~1"
      default: pointer.unicodeScalars.append(scalar)
      }
    }
    return pointer
  }
}
