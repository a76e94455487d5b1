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
    subcommands: [Export.self, Generate.self, List.self, Protect.self, Rotate.self])

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the certificates for partners in PEM: the one to encrypt to, then the one that signs results.",
      discussion: """
        One file serves as -recip and as -CAfile of openssl cms. With --all, the certificates of older pairs stand \
        behind those of the current one while they are in force.

        EXAMPLE
          disburse key export -o processor.crt
          disburse key export --all -o processor.crt
        """)

    @Option(name: .shortAndLong, help: "The file to write; else standard output.")
    var output: String?
    @Flag(help: "Every pair that is in force, the current one first.")
    var all = false
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let pem = try await home.station().exportCertificates(includingOlder: all, to: output)
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
      abstract: "Makes a new key pair for encryption and one for signing; the old ones don't end before their time.",
      discussion: """
        Files sealed to the old ones are opened until their certificates end; rotate lets them end sooner.

        EXAMPLE
          disburse key generate --algorithm ec-p384
        """)

    @Option(help: "ec-p256, ec-p384, rsa-3072 or rsa-4096.")
    var algorithm = "ec-p256"
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let station = try await home.station()
      try await station.generateKeys(algorithm: algorithm)
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
      KeyTable.show(try station.keyList(), format)
    }
  }
}
