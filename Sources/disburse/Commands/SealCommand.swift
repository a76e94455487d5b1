import ArgumentParser
import Batch
import Station

struct SealCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "seal",
    abstract: "Seals a document: compressed, signed, encrypted.",
    discussion: """
      What a partner does with openssl, for those who have disburse at hand. It needs no home. To have two sign, name \
      --signer-cert and --signer-key twice, in the same order.

      EXAMPLE
        disburse seal batch.json -o batch.p7m \\
          --signer-cert maker.crt --signer-key maker.key --recipient processor.crt
      """)

  @Argument(help: "The document.")
  var document: String
  @Option(name: .shortAndLong, help: "The sealed file to write.")
  var output: String
  @Option(help: ArgumentHelp("A signer's certificate (PEM).", valueName: "file"))
  var signerCert: [String]
  @Option(help: ArgumentHelp("The signer's private key (PEM).", valueName: "file"))
  var signerKey: [String]
  @Option(help: ArgumentHelp("A certificate (PEM) to encrypt to; the first of the file counts.", valueName: "file"))
  var recipient: [String]
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard !signerCert.isEmpty, signerCert.count == signerKey.count else {
      throw ValidationError("Name a --signer-key for each --signer-cert.")
    }
    guard !recipient.isEmpty else { throw ValidationError("Name a --recipient.") }
  }

  func run() async throws {
    try await SealedDocument.seal(
      document, to: output, signers: zip(signerCert, signerKey).map { (certificate: $0, key: $1) },
      recipients: recipient)
    if format.format == .json { Output.print(.object([("file", .string(output))])) }
  }
}
