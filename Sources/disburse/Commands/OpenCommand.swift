import ArgumentParser
import Batch
import Station
import Synchronization

struct OpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Opens a sealed file, verifies it and shows the document.",
    discussion: """
      With --cert and --key it opens what was sealed to them and needs no home: a partner reads a result so. Without, \
      it opens what was sealed to the home's processor. --format table shows a result as a table.

      EXAMPLE
        disburse open batch.result.p7m --cert partner.crt --key partner.key \\
          --signer-cert processor.crt --format table
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case json
    case table
  }

  @Argument(help: "The sealed file.")
  var file: String
  @Option(name: .shortAndLong, help: "The file to write, mode 0600; else standard output.")
  var output: String?
  @Option(help: ArgumentHelp("The certificate (PEM) that the file is encrypted to.", valueName: "file"))
  var cert: String?
  @Option(help: ArgumentHelp("Its private key (PEM).", valueName: "file"))
  var key: String?
  @Option(help: ArgumentHelp("Who must have signed (PEM); any certificate of the file counts.", valueName: "file"))
  var signerCert: String?
  @Option(help: "json for the document as it is; table for a result.")
  var format: Format = .json
  @OptionGroup var home: HomeOptions

  func validate() throws {
    guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key go together.") }
    guard format == .json || output == nil else {
      throw ValidationError("-o writes the document as it is; --format table goes to standard output.")
    }
  }

  func run() async throws {
    let document = try await open()
    switch format {
    case .json where output == nil:
      try await document.read {
        Output.write($0, to: 1)
        try Output.check()
      }
    case .json:
      if let output { try await document.write(to: output) }
    case .table:
      do { try await ResultTable.show(document) } catch let error as ResultReaderError {
        throw CommandFailure(error, of: file, isBatch: await isBatch(document))
      }
    }
    if !document.signersArePinned {
      Output.complain(
        "note: signed by \(document.signers.joined(separator: "; ")); name --signer-cert to insist on a signer")
    }
  }

  /// Whether a document that is no result is a batch: it has the array of one.
  private func isBatch(_ document: SealedDocument) async -> Bool {
    struct Found: Error {}
    let names = [BatchKind.credit, .voucher].map { Array("\"\($0.arrayName)\"".utf8) }
    let tail = Mutex<[UInt8]>([])
    do {
      try await document.read { bytes in
        try tail.withLock { tail in
          // A name may stand across two pieces.
          let text = tail + bytes
          if text.first == UInt8(ascii: "[") || names.contains(where: { text.firstRange(of: $0) != nil }) {
            throw Found()
          }
          tail = Array(text.suffix(32))
        }
      }
      return false
    } catch { return error is Found }
  }

  private func open() async throws -> SealedDocument {
    if let cert, let key {
      return try await SealedDocument.open(file, certificate: cert, key: key, signerCertificate: signerCert)
    }
    return try await home.station().open(file, signerCertificate: signerCert)
  }
}
