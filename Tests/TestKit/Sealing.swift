/// Seals a document as a partner does, with `gzip` and `openssl`; a test bends the step that it is about.
public struct Sealing: Sendable {
  /// Who signs, the second and further ones by `openssl cms -resign`; nobody signs when it is empty.
  public var signers: [PartnerKey]
  /// Whether the document is compressed.
  public var compresses = true
  /// Whether the signed layer is encrypted.
  public var encrypts = true
  /// The cipher of `openssl cms -encrypt`.
  public var cipher = "-aes-256-gcm"
  /// Further options of the first `openssl cms -sign`, such as `-nocerts`.
  public var signOptions: [String] = []
  /// What `-outform` says at the outer step: `DER`, `PEM` or `SMIME`.
  public var form = "DER"

  /// The usual way, signed by `signers`.
  public init(by signers: [PartnerKey]) { self.signers = signers }

  /// Seals `document` to the first certificate of the file `recipient`.
  public func seal(_ document: some Sequence<UInt8>, to recipient: String) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    var content = try directory.write(document, as: "document")
    if compresses { content = try directory.write(Command.tool("gzip", ["-nc", content]), as: "compressed") }
    for (index, signer) in signers.enumerated() {
      let signed = directory.file("signed-\(index)")
      try Command.openssl(
        ["cms", index == 0 ? "-sign" : "-resign", "-binary", "-nodetach", "-outform", "DER", "-md", "sha256"]
          + (index == 0 ? ["-stream"] + signOptions : ["-inform", "DER"])
          + ["-in", content, "-signer", signer.certificate, "-inkey", signer.key, "-out", signed])
      content = signed
    }
    guard encrypts else { return try TemporaryDirectory.bytes(of: content) }
    let sealed = directory.file("sealed")
    try Command.openssl([
      "cms", "-encrypt", "-binary", "-stream", cipher, "-outform", form, "-in", content, "-recip", recipient, "-out",
      sealed,
    ])
    return try TemporaryDirectory.bytes(of: sealed)
  }

  /// Opens a result as a partner does and answers the document.
  ///
  /// - Parameter processor: the file of `disburse key export`.
  public static func open(_ result: String, as keys: PartnerKeys, from processor: String) throws -> [UInt8] {
    let signed = try Command.openssl([
      "cms", "-decrypt", "-binary", "-inform", "DER", "-in", result, "-recip", keys.encryption.certificate, "-inkey",
      keys.encryption.key,
    ])
    let content = try Command.openssl(
      [
        "cms", "-verify", "-binary", "-inform", "DER", "-CAfile", processor, "-no-CApath", "-no-CAstore", "-purpose",
        "any",
      ], input: signed)
    return try Command.tool("gunzip", ["-c"], input: content)
  }
}
