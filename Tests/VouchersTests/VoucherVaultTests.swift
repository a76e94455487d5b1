import Batch
import GRDB
import Glibc
import LedgerWallet
import Storage
import TestKit
import Testing
import Wallet

@testable import Vouchers

@Suite("The voucher vault")
struct VoucherVaultTests {
  let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }
  var path: String { directory.path + "/vault.key" }

  @Test("has a key of 32 bytes that only its owner reads, and that is never replaced")
  func key() throws {
    try VoucherVault.createKey(at: path)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == 0o600 && status.st_size == 32)
    #expect(throws: VoucherError.storage(.exists(path: path))) { try VoucherVault.createKey(at: path) }
    _ = try VoucherVault(keyFile: path)
  }

  @Test("does not take a key that others may read", arguments: [mode_t(0o640), 0o604, 0o660])
  func readable(mode: mode_t) throws {
    try VoucherVault.createKey(at: path)
    chmod(path, mode)
    #expect(throws: VoucherError.self) { try VoucherVault(keyFile: path) }
  }

  @Test("does not take a key of another length", arguments: [0, 31, 33])
  func length(count: Int) throws {
    try DurableFile.write([UInt8](repeating: 7, count: count), to: path)
    #expect(throws: VoucherError.self) { try VoucherVault(keyFile: path) }
  }

  @Test("does not open vouchers that were sealed under another key")
  func otherKey() async throws {
    let kit = try await VoucherKit()
    let other = kit.directory.path + "/other.key"
    try VoucherVault.createKey(at: other)
    await #expect(throws: VoucherError.wrongVaultKey) {
      try await VoucherStore(
        path: kit.directory.path + "/vouchers.sqlite", vault: VoucherVault(keyFile: other), clock: kit.clock)
    }
  }

  @Test(
    "does not open a number in a row that it was not sealed for",
    arguments: [
      "UPDATE voucher SET sealed_number = (SELECT sealed_number FROM voucher WHERE sequence = 2) WHERE sequence = 1",
      "UPDATE voucher SET amount = 1000000 WHERE sequence = 1",
      "UPDATE voucher SET currency = 'KES' WHERE sequence = 1",
      "UPDATE voucher SET group_number = (SELECT number FROM voucher_group WHERE code = 'CASH') WHERE sequence = 1",
      "UPDATE voucher SET sealed_number = substr(sealed_number, 2) WHERE sequence = 1",
      "UPDATE voucher SET key_version = 2 WHERE sequence = 1",
    ])
  func swapped(sql: String) async throws {
    let kit = try await VoucherKit()
    try await kit.store.addGroup(VoucherGroup(code: "CASH", expiresAfterDays: 90))
    _ = await kit.issuer.issue([kit.order(1), kit.order(2)])
    #expect(try await kit.issuer.vouchers(for: [reference(1), reference(2)]).allSatisfy { $0 != nil })
    try await DatabaseQueue(path: kit.directory.path + "/vouchers.sqlite").write { try $0.execute(sql: sql) }
    let serial = try #require(SerialNumber(sequence: 1)?.digits)
    await #expect(throws: VoucherError.notAuthentic(serialNumber: serial)) {
      try await kit.issuer.vouchers(for: [reference(1)])
    }
    _ = try await kit.issuer.vouchers(for: [reference(2)])
  }

  @Test("leaves no number in the files, in no common form")
  func nothingInClear() async throws {
    let kit = try await VoucherKit(mergeStep: 50)
    let orders = (1...200).map { kit.order($0, payee: "RW-ABCDEFG-\($0)") }
    _ = await kit.issuer.issue(orders)
    let vouchers = try await kit.issuer.vouchers(for: orders.map(\.reference)).compactMap(\.self)
    #expect(vouchers.count == 200)
    for suffix in ["", "-wal"] {
      let bytes = try #require(fileBytes(kit.directory.path + "/vouchers.sqlite" + suffix))
      // What the search finds when it is there.
      let windows = windows(of: bytes)
      if suffix == "-wal" { #expect(windows.contains(window(Array("RW-ABCDEFG-199".utf8)))) }
      for voucher in vouchers {
        let found = forms(of: voucher.voucherNumber).filter { windows.contains(window($0)) }.count
        #expect(found == 0)
      }
    }
  }

  /// The digits in clear, without the check digit, in hexadecimal, in base64, and as integers in both byte orders.
  private func forms(of digits: String) -> [[UInt8]] {
    let ascii = Array(digits.utf8)
    let alphabet = Array("0123456789abcdef".utf8)
    let hexadecimal = ascii.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }
    let number = UInt64(digits) ?? 0
    let integers = [number, number / 10].flatMap { number in
      [number.bigEndian, number.littleEndian].map { word in withUnsafeBytes(of: word) { Array($0) } }
    }
    return [ascii, Array(ascii.dropLast()), hexadecimal, base64(ascii)] + integers
  }

  /// RFC 4648 §4 of the first 15 bytes, which needs no padding.
  private func base64(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return stride(from: 0, to: 15, by: 3).flatMap { start in
      let word = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
      return [18, 12, 6, 0].map { alphabet[word >> $0 & 63] }
    }
  }

  /// The first eight bytes of what is searched for.
  private func window(_ bytes: [UInt8]) -> UInt64 { bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

  /// All eight bytes in a row of a file.
  private func windows(of bytes: [UInt8]) -> Set<UInt64> {
    var windows: Set<UInt64> = []
    var last: UInt64 = 0
    for byte in bytes {
      last = last << 8 | UInt64(byte)
      windows.insert(last)
    }
    return windows
  }

  private func fileBytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return bytes
  }
}
