import ArgumentParser
import Batch
import Cryptography
import Station

extension KeyCommand {
  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a new key pair for encryption and one for signing, and lets the old ones end.",
      discussion: """
        Files sealed to the old pair are opened until its end; results are signed with the new one at once.

        EXAMPLE
          disburse key rotate --old-ends 90d
          disburse key rotate --old-ends 2027-02-01T00:00:00Z
        """)

    @Option(help: "ec-p256, ec-p384, rsa-3072 or rsa-4096; as the present pair when not given.")
    var algorithm: String?
    @Option(
      help: ArgumentHelp(
        "When the old pairs end: after so many days, or at an instant; 0d ends them now.", valueName: "90d"))
    var oldEnds = Station.oldKeysEnd
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let rotation = try await home.station().rotateKeys(algorithm: algorithm, oldEnds: oldEnds)
      guard format.format == .table else {
        return Output.print(
          .object([("oldEnds", .string(rotation.oldEnds.rfc3339)), ("keys", KeyTable.json(rotation.keys))]))
      }
      KeyTable.show(rotation.keys, .table)
      for line in [
        "",
        "Results are signed with the new key from now on. Next:",
        "  disburse key export --all -o processor.crt    send this to each partner now: it verifies results by the new",
        "                                                certificate and by the old one, and encrypts to the new one",
        "What partners still encrypt to the old certificate is opened until \(rotation.oldEnds.rfc3339), and then no more.",
      ] { Output.print(line) }
    }
  }

  struct Protect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the private keys anew under the passphrase that the home has by now.",
      discussion: """
        The passphrase is in the file of keys.passphraseFile, or in the service's credential key-passphrase.

        EXAMPLE
          disburse key protect
          disburse key protect --old-passphrase-file old-passphrase
        """)

    @Option(help: ArgumentHelp("The passphrase that they are under now, when it is another.", valueName: "file"))
    var oldPassphraseFile: String?
    @OptionGroup var home: HomeOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let changed = try await home.station().protectKeys(oldPassphraseFile: oldPassphraseFile)
      switch format.format {
      case .json: Output.print(.object([("protected", .array(changed.map(\.json)))]))
      case .table:
        for certificate in changed { Output.print("\(certificate.subject) is under the passphrase now") }
        if changed.isEmpty { Output.complain("every private key is under the passphrase already") }
      }
    }
  }
}
