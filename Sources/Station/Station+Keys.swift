import Batch
import Cryptography
import Storage

extension Station {
  /// The processor's key pairs.
  public func keyList() throws -> [ProcessorKeys.Entry] { try keys.list() }

  /// Makes a new pair for each purpose; `algorithm` is a word such as `ec-p256`.
  public func generateKeys(algorithm: String) throws {
    guard let algorithm = GeneratedKeyAlgorithm(rawValue: algorithm) else {
      let names = GeneratedKeyAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
      throw StationError.refused("\(algorithm) is no algorithm for keys; there are \(names)")
    }
    try keys.generate(algorithm, for: configuration.processorID, at: clock.now())
  }

  /// The certificates for partners in PEM, also written to the file at `output` when it is given.
  public func exportCertificates(to output: String?) throws -> String {
    let pem = try keys.export()
    if let output {
      try OutputPlace.check(output, in: home.path)
      try DurableFile.write(Array(pem.utf8), to: output, mode: 0o644)
    }
    return pem
  }
}
