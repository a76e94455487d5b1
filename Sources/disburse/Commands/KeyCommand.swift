import ArgumentParser
import Batch
import Cryptography
import Station

struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "The processor's own key pairs.",
    discussion: """
      EXAMPLE
        disburse key export -o processor.crt
        disburse key list
      """,
    subcommands: [Export.self, Generate.self, List.self])

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the certificates for partners in PEM: the one to encrypt to, then the one that signs results.",
      discussion: """
        One file serves as -recip and as -CAfile of openssl cms.

        EXAMPLE
          disburse key export -o processor.crt
        """)

    @Option(name: .shortAndLong, help: "The file to write; else standard output.")
    var output: String?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let pem = try await home.station().exportCertificates(to: output)
      switch (format.format, output) {
      case (.json, let output?): Output.print(.object([("file", .string(output))]))
      case (.json, nil): Output.print(.object([("certificates", .string(pem))]))
      case (.table, nil): Output.write(Array(pem.utf8), to: 1)
      case (.table, _?): break
      }
    }
  }

  struct Generate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a new key pair for encryption and one for signing; files sealed to the old ones still open.",
      discussion: """
        EXAMPLE
          disburse key generate --algorithm ec-p384
        """)

    @Option(help: "ec-p256, ec-p384, rsa-3072 or rsa-4096.")
    var algorithm = "ec-p256"
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let station = try await home.station()
      try station.generateKeys(algorithm: algorithm)
      try List.show(station, format.format)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the processor's key pairs.",
      discussion: """
        EXAMPLE
          disburse key list
        """)

    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws { try Self.show(await home.station(), format.format) }

    static func show(_ station: Station, _ format: OutputFormat) throws {
      let keys = try station.keyList()
      switch format {
      case .json:
        Output.print(.object([("keys", .array(keys.map(json)))]))
      case .table:
        var table = Table("PURPOSE", "#NUMBER", "ALGORITHM", "VALID UNTIL", "CURRENT", "SHA-256")
        for key in keys {
          table.add(
            key.purpose.rawValue, "\(key.number)", key.certificate.keyDescription, validUntil(key.certificate),
            key.isCurrent ? "yes" : "", String(key.certificate.fingerprint.prefix(16)) + "…")
        }
        table.print()
      }
    }

    private static func json(_ key: ProcessorKeys.Entry) -> JSONValue {
      .object([
        ("purpose", .string(key.purpose.rawValue)), ("number", .integer(Int64(key.number))),
        ("algorithm", .string(key.certificate.keyDescription)), ("validUntil", .string(validUntil(key.certificate))),
        ("current", .bool(key.isCurrent)), ("fingerprint", .string(key.certificate.fingerprint)),
      ])
    }

    private static func validUntil(_ certificate: Certificate) -> String {
      Timestamp(millisecondsSinceEpoch: certificate.notAfter * 1_000).rfc3339
    }
  }
}
