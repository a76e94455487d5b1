public import Batch
public import Logging

/// What a line of the log may carry besides its message. There is no field for a payee, an address, a narration, a number
/// of a voucher or a key: what has no case can't be logged by accident.
public enum LogField: Sendable {
  /// The registered partner.
  case partner(String)
  /// The partner's name of the batch.
  case batch(String)
  /// The dropped file's name, without its directory.
  case file(String)
  /// A place in the home.
  case path(String)
  /// A code of the lists in Docs/formats.md.
  case code(String)
  /// Why something was done or left, in words that the program wrote.
  case reason(String)
  /// How many.
  case count(Int)
  /// The bytes of a file.
  case size(Int)
  /// Money, which has no owner here.
  case amount(Money)
  /// How long it took.
  case took(Duration)
  /// An instant.
  case until(Timestamp)
  /// What number this attempt has.
  case attempt(Int)
  /// An entry of the audit trail.
  case entry(Int64)
  /// The program's own stage: `open`, `admit`, `dispatch`, `wait`, `publish`.
  case stage(MeasuredStage)
  /// The state of a batch, or another word of the program.
  case state(String)
  /// A listening port.
  case port(Int)

  var nameAndValue: (String, Logger.MetadataValue) {
    switch self {
    case .partner(let name): ("partner", .string(name))
    case .batch(let batchID): ("batch", .string(batchID))
    case .file(let name): ("file", .string(name))
    case .path(let path): ("path", .string(path))
    case .code(let code): ("code", .string(code))
    case .reason(let reason): ("reason", .string(reason))
    case .count(let count): ("count", .stringConvertible(count))
    case .size(let bytes): ("bytes", .stringConvertible(bytes))
    case .amount(let money): ("amount", .string("\(money)"))
    case .took(let duration): ("milliseconds", .stringConvertible(duration.wholeMilliseconds))
    case .until(let instant): ("until", .string(instant.rfc3339))
    case .attempt(let number): ("attempt", .stringConvertible(number))
    case .entry(let number): ("entry", .stringConvertible(Int(number)))
    case .stage(let stage): ("stage", .string(stage.rawValue))
    case .state(let state): ("state", .string(state))
    case .port(let port): ("port", .stringConvertible(port))
    }
  }
}

extension Logger {
  /// Writes a line. The message is a literal, so that nothing of a batch gets into it.
  public func log(_ level: Logger.Level, _ message: StaticString, _ fields: LogField...) {
    log(level, message, fields)
  }

  /// Writes a line about an error, of which only what is fit for a log is told.
  public func log(_ level: Logger.Level, _ message: StaticString, error: any Error, _ fields: LogField...) {
    log(level: level, "\(message)", error: error, metadata: Self.metadata(fields))
  }

  /// The logger whose every line carries these fields.
  public func with(_ fields: LogField...) -> Logger {
    var logger = self
    for (name, value) in fields.map(\.nameAndValue) { logger[metadataKey: name] = value }
    return logger
  }

  private func log(_ level: Logger.Level, _ message: StaticString, _ fields: [LogField]) {
    log(level: level, "\(message)", metadata: Self.metadata(fields))
  }

  private static func metadata(_ fields: [LogField]) -> Logger.Metadata {
    Logger.Metadata(fields.map(\.nameAndValue)) { $1 }
  }
}

extension Duration {
  /// Whole milliseconds, rounded down.
  var wholeMilliseconds: Int { Int(components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000) }
}
