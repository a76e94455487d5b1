import Foundation
import TestKit
import Testing

@Suite("Secrets stay where they belong") struct SecretTests {
  /// Every form in which a voucher number could lie about: digits, base64, hexadecimal, an integer of 8 bytes.
  private static func forms(of number: String) throws -> [[UInt8]] {
    let digits = Array(number.utf8)
    let value = try #require(UInt64(number))
    let hexadecimal = digits.map { String($0, radix: 16) }.joined()
    // Base64 of the digits inside of something longer begins at one of three places; the middle is the same.
    let encodings = (0..<3).map { shift in
      let text = Data(Array(repeating: 0x20, count: shift) + digits).base64EncodedString()
      return Array(Data(text.utf8).dropFirst(shift == 0 ? 0 : 4).dropLast(4))
    }
    let integers = [value.bigEndian, value.littleEndian].map { withUnsafeBytes(of: $0) { Array($0) } }
    return [digits, Array(hexadecimal.utf8), Array(String(value, radix: 16).utf8)] + encodings + integers
  }

  private static func contains(_ bytes: Data, _ form: [UInt8]) -> Bool { bytes.range(of: Data(form)) != nil }

  @Test("no issued voucher number is in any file of the home or in anything that is printed, in any form")
  func voucherNumbers() throws {
    let home = try TestHome()
    let file = try home.sealed(.vouchers("B-1", Array(repeating: 100, count: 50)))
    var printed = Data()
    func run(_ arguments: [String]) throws -> Execution {
      let execution = try home.run(arguments)
      printed.append(contentsOf: execution.output + execution.complaint)
      return execution
    }
    _ = try run(["check", file])
    _ = try run(["process", file])
    let report = try run(["process", file, "--format", "json"])
    _ = try run(["batch", "detail", "B-1"])
    _ = try run(["batch", "detail", "B-1", "--format", "json"])
    _ = try run(["batch", "show", "B-1", "--format", "json"])
    _ = try run(["voucher", "group", "list", "--format", "json"])
    let numbers = try home.result(of: report)["results"].elements.compactMap(\.["voucherNumber"].text)
    #expect(Set(numbers).count == 50)
    #expect(numbers.allSatisfy { $0.wholeMatch(of: /[1-8][0-9]{15}/) != nil })

    let forms = try numbers.flatMap(Self.forms)
    for path in try TemporaryDirectory.files(under: home.path) {
      let bytes = Data(try TemporaryDirectory.bytes(of: path))
      #expect(!forms.contains { Self.contains(bytes, $0) }, "a voucher number is in \(path)")
    }
    #expect(!forms.contains { Self.contains(printed, $0) }, "a voucher number was printed")
  }

  @Test("the search for a voucher number finds one") func searchFinds() throws {
    let number = "1234567890123452"
    let value = try #require(UInt64(number))
    for text in ["x\(number)y", Data("ab\(number)c".utf8).base64EncodedString(), "31323334353637383930313233343532"] {
      #expect(try Self.forms(of: number).contains { Self.contains(Data(text.utf8), $0) }, "\(text)")
    }
    let integer = withUnsafeBytes(of: value.bigEndian) { Data([1] + $0) }
    #expect(try Self.forms(of: number).contains { Self.contains(integer, $0) })
  }

  @Test("no private key is in any other file than its own, or in anything that is printed") func privateKeys() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    let keys = try TemporaryDirectory.files(under: home.path + "/keys").filter { $0.hasSuffix(".key") }
    let bodies = try keys.filter { !$0.hasSuffix("vault.key") }.flatMap { path in
      String(decoding: try TemporaryDirectory.bytes(of: path), as: UTF8.self).split(separator: "\n")
        .filter { !$0.hasPrefix("-----") && $0.count > 16 }.map { Array($0.utf8) }
    }
    #expect(bodies.count >= 4)
    let vault = try TemporaryDirectory.bytes(of: home.path + "/keys/vault.key")
    let secrets = bodies + [vault]

    var printed = Data()
    for arguments in [
      ["process", file], ["process", file, "--format", "json"], ["key", "list"], ["key", "list", "--format", "json"],
      ["key", "export"], ["key", "generate"], ["partner", "show", TestHome.partner],
    ] {
      let execution = try home.run(arguments)
      #expect(execution.status == 0)
      printed.append(contentsOf: execution.output + execution.complaint)
    }
    #expect(!secrets.contains { Self.contains(printed, $0) }, "a private key was printed")
    for path in try TemporaryDirectory.files(under: home.path) where !keys.contains(path) {
      let bytes = Data(try TemporaryDirectory.bytes(of: path))
      #expect(!secrets.contains { Self.contains(bytes, $0) }, "a private key is in \(path)")
    }
  }

  @Test("keys, stores and results are the owner's alone") func modes() throws {
    let home = try TestHome()
    #expect(try home.process(home.sealed(.vouchers("B-1", [100]))).status == 0)
    for path in try TemporaryDirectory.files(under: home.path) {
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int ?? 0
      #expect(mode & 0o077 == 0, "\(path) has mode \(String(mode, radix: 8))")
    }
  }

  @Test("a rejection tells the sender nothing of the cause, and the operator no content") func rejection() throws {
    let home = try TestHome()
    let secret = "2507889999990001"
    let batch = BatchDocument("B-1", lines: [BatchDocument.credit("B-1-0", "100", to: secret)])
      .with("control", #"{"count":2}"#)
    let report = try home.process(home.sealed(batch))
    #expect(report.status == 65)
    #expect(!report.stdout.contains(secret))
    #expect(!report.stderr.contains(secret))
  }
}
