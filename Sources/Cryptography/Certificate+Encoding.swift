import COpenSSL

extension Certificate {
  /// The certificate of exactly these DER bytes.
  public convenience init(der: [UInt8]) throws(CryptoError) {
    let (pointer, consumed) = der.withUnsafeBufferPointer { buffer -> (OpaquePointer?, Int) in
      var cursor = buffer.baseAddress
      let pointer = d2i_X509(nil, &cursor, buffer.count)
      guard let start = buffer.baseAddress, let cursor else { return (pointer, 0) }
      return (pointer, cursor - start)
    }
    guard let pointer else { throw .malformedCertificate(reasons: CryptoError.drainErrorQueue()) }
    let object = try OpenSSLObject(pointer, "read a certificate", free: { X509_free($0) })
    guard consumed == der.count else { throw .malformedCertificate(reasons: ["bytes after the certificate"]) }
    try self.init(object)
  }

  /// The first certificate of a PEM text.
  public convenience init(pem: String) throws(CryptoError) {
    let object = try MemoryBIO.reading(Array(pem.utf8)) { bio throws(CryptoError) in
      guard let pointer = PEM_read_bio_X509(bio, nil, nil, nil) else {
        throw .malformedPEM(expected: "certificate", reasons: CryptoError.drainErrorQueue())
      }
      return try OpenSSLObject(pointer, "read a certificate", free: { X509_free($0) })
    }
    try self.init(object)
  }

  /// Every certificate of a PEM text, in its order; at least one, or it throws.
  public static func all(inPEM pem: String) throws(CryptoError) -> [Certificate] {
    try MemoryBIO.reading(Array(pem.utf8)) { bio throws(CryptoError) in
      var certificates: [Certificate] = []
      while let pointer = PEM_read_bio_X509(bio, nil, nil, nil) {
        let object = try OpenSSLObject(pointer, "read a certificate", free: { X509_free($0) })
        certificates.append(try Certificate(object))
      }
      // The end of the text shows as "no start line"; anything else is a broken certificate among good ones.
      let last = ERR_peek_last_error()
      let reasons = CryptoError.drainErrorQueue()
      let atEnd = ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE
      guard atEnd, !certificates.isEmpty else { throw .malformedPEM(expected: "certificate", reasons: reasons) }
      return certificates
    }
  }

  /// The certificate in PEM.
  public var pem: String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text = "-----BEGIN CERTIFICATE-----\n"
    // RFC 7468 §2: lines of 64 characters, which are 48 bytes.
    for line in stride(from: 0, to: der.count, by: 48) {
      var characters: [UInt8] = []
      for start in stride(from: line, to: min(line + 48, der.count), by: 3) {
        let group = Array(der[start..<min(start + 3, der.count)])
        let word = group.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (16 - 8 * $1.offset) }
        for sextet in 0..<4 {
          let isPadding = sextet > group.count
          characters.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(word >> (18 - 6 * sextet) & 63)])
        }
      }
      text += String(decoding: characters, as: UTF8.self) + "\n"
    }
    return text + "-----END CERTIFICATE-----\n"
  }
}
