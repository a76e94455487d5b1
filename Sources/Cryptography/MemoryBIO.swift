import COpenSSL

/// BIOs over memory, for the PEM and DER functions.
enum MemoryBIO {
  /// Lends a BIO that reads `bytes`.
  static func reading<Value>(
    _ bytes: [UInt8], _ body: (OpaquePointer) throws(CryptoError) -> Value
  ) throws(CryptoError) -> Value {
    let result: Result<Value, CryptoError> = bytes.withUnsafeBytes { buffer in
      Result { () throws(CryptoError) in
        let count = Int32(clamping: buffer.count)
        // BIO_new_mem_buf refuses a null pointer, which is what an empty array has.
        let bio = try OpenSSLObject(
          count == 0 ? BIO_new(BIO_s_mem()) : BIO_new_mem_buf(buffer.baseAddress, count), "open a memory BIO",
          free: { BIO_free_all($0) })
        return try bio.withPointer(body)
      }
    }
    return try result.get()
  }

  /// Lends what `write` puts into a BIO whose memory is cleansed when it is freed.
  static func collecting<Value>(
    _ operation: String, _ write: (OpaquePointer) -> Int32, _ body: (UnsafeRawBufferPointer) throws -> Value
  ) throws -> Value {
    let bio = try OpenSSLObject(BIO_new(BIO_s_secmem()), "open a memory BIO", free: { BIO_free_all($0) })
    return try bio.withPointer { bio in
      try require(write(bio), operation)
      var data: UnsafeMutablePointer<CChar>?
      let count = shim_BIO_get_mem_data(bio, &data)
      return try body(UnsafeRawBufferPointer(start: data, count: max(0, count)))
    }
  }
}
