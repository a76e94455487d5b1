public import Batch
public import Logging

/// Where the log goes: text or JSON lines, stamped by the clock that is given.
public struct StationLogHandler: LogHandler {
  /// Below it nothing is written.
  public var logLevel: Logger.Level
  /// What every line carries.
  public var metadata: Logger.Metadata = [:]
  /// What is asked for further fields at each line.
  public var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let format: LogFormat
  private let clock: any WallClock
  private let writer: LogWriter

  /// The handler of the part called `label`.
  public init(
    label: String, format: LogFormat, level: Logger.Level, clock: any WallClock, writer: LogWriter = .standardError
  ) {
    self.label = label
    self.format = format
    self.clock = clock
    self.writer = writer
    logLevel = level
  }

  /// The value that every line carries under `key`.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one line.
  public func log(event: LogEvent) {
    var fields = metadata
    if let metadataProvider { fields.merge(metadataProvider.get()) { $1 } }
    if let own = event.metadata { fields.merge(own) { $1 } }
    if let error = event.error { fields.merge(Self.fields(of: error)) { $1 } }
    let now = clock.now()
    writer.write(format.line(at: now, event.level, from: label, "\(event.message)", fields)) { count in
      format.line(at: now, .warning, from: "log", "lines were lost", ["count": .stringConvertible(count)])
    }
  }

  /// Errors of our rooms are written for people and carry no payee. Another's text may say anything: only its type is
  /// told.
  private static func fields(of error: any Error) -> Logger.Metadata {
    guard let failure = Failure(error) else { return ["error": .string("\(type(of: error))")] }
    return ["error": .string(failure.code), "reason": .string(failure.message)]
  }
}

extension StationConfiguration {
  /// The logger of the part called `label`: `spool`, `daemon`, `notices`, as the configuration says.
  public func logger(
    _ label: String, clock: any WallClock = SystemClock(), writer: LogWriter = .standardError
  ) -> Logger {
    Logger(label: label) { label in
      StationLogHandler(label: label, format: logFormat, level: logLevel, clock: clock, writer: writer)
    }
  }
}
