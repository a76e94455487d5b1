import Batch
import Foundation
import Station
import TestKit
import Testing

@Suite("The doctor on keys, certificates and partners") struct DoctorKeyTests {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  private func findings(_ home: TestHome, _ check: String, daysFromNow days: Int64) async throws -> [Finding] {
    let now = SystemClock().now().millisecondsSinceEpoch
    let clock = try TestClock(Timestamp(millisecondsSinceEpoch: now + days * 86_400_000).rfc3339)
    return try await Doctor.examine(homeAt: home.path, clock: clock).results.first { $0.name == check }?.findings ?? []
  }

  @Test("a pair is told 30 days before its end, not 31, and is a problem after it") func nearEnd() async throws {
    let home = try TestHome()
    #expect(try await findings(home, "keys", daysFromNow: 3 * 365 - 31).isEmpty)
    let near = try await findings(home, "keys", daysFromNow: 3 * 365 - 29)
    #expect(near.map(\.subject) == ["encryption-1", "signing-1"])
    #expect(near.allSatisfy { $0.severity == .warning && $0.remedy.contains("key rotate") })
    let over = try await findings(home, "keys", daysFromNow: 3 * 365 + 1)
    #expect(over.map(\.severity) == [.problem, .problem])
  }

  @Test("an older pair is told 30 days before its end, and no more after it") func overlap() async throws {
    let home = try TestHome()
    try home.expectSuccess(["key", "rotate", "--old-ends", "60d"])
    #expect(try await findings(home, "keys", daysFromNow: 10).isEmpty)
    let near = try await findings(home, "keys", daysFromNow: 45)
    #expect(near.map(\.subject) == ["encryption-1"])
    #expect(near.first?.what.contains("are refused from") == true)
    #expect(try await findings(home, "keys", daysFromNow: 61).isEmpty)
  }

  @Test("a key of another certificate, one that is none, and one without its certificate") func unusable() throws {
    let home = try TestHome()
    let keys = "\(home.path)/keys"
    try Command.tool("cp", ["\(keys)/signing-1.key", "\(keys)/signing-2.key"])
    try Command.tool("cp", ["\(keys)/signing-1.key", "\(keys)/encryption-1.key"])
    try home.edit("\(keys)/signing-1.key") { _ in "no key\n" }
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.found("keys", "problem", "encryption-1", "not the private key of the certificate"))
    #expect(found.found("keys", "problem", "signing-1", "no PEM private key"), "\(found.execution)")
    #expect(found.found("keys", "warning", "signing-2.key", "no certificate"))
  }

  @Test("keys that are gone, and a rotation that was not ended") func missing() throws {
    let home = try TestHome()
    try FileManager.default.removeItem(atPath: "\(home.path)/keys/signing-1.crt")
    try home.directory.write("2030-01-01T00:00:00Z\n".utf8, as: "ends")
    try Command.tool("cp", [home.directory.file("ends"), "\(home.path)/keys/encryption-1.ends"])
    try home.setMode(0o600, "keys/encryption-1.ends")
    let found = try Examination(home)
    #expect(found.found("keys", "problem", "signing keys", "there is none"), "\(found.execution)")
    #expect(found.found("keys", "warning", "encryption-1", "rotation was not ended"))
  }

  @Test("a wrong passphrase is a problem, and a key in clear beside one a warning") func passphrase() throws {
    let home = try TestHome()
    let file = try home.directory.write("secret\n".utf8, as: "passphrase")
    let other = try home.directory.write("another\n".utf8, as: "other")
    for path in [file, other] {
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
    let environment = ["DISBURSE_KEYS_PASSPHRASE_FILE": file]
    let clear = try Examination(home, environment: environment)
    #expect(clear.execution.status == 0)
    #expect(clear.found("keys", "warning", "signing-1", "in clear"), "\(clear.execution)")
    #expect(try home.run(["key", "protect"], environment: environment).status == 0)
    #expect(try Examination(home, environment: environment).result("keys") == "ok")
    let wrong = try Examination(home, environment: ["DISBURSE_KEYS_PASSPHRASE_FILE": other])
    #expect(wrong.execution.status == 78)
    #expect(wrong.found("keys", "problem", "encryption-1", "is not under the passphrase"), "\(wrong.execution)")
    #expect(try Examination(home).found("keys", "problem", "signing-1", "none to open it with"))
  }

  @Test("demo keys are a problem, and a warning where they are allowed") func demoKeys() throws {
    let home = try TestHome()
    for purpose in ["encryption", "signing"] {
      for suffix in ["crt", "key"] {
        let place = "keys/\(purpose)-1.\(suffix)"
        try Command.tool("cp", ["\(Self.repository)/Keys/processor-\(purpose).\(suffix)", "\(home.path)/\(place)"])
        try home.setMode(0o600, place)
      }
    }
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.found("demo keys", "problem", "treasury-disburse signing", "demo key"), "\(found.execution)")
    try home.edit("\(home.path)/disburse.yaml") { $0 + "\nkeys:\n  allowDemoKeys: true\n" }
    let allowed = try Examination(home)
    #expect(allowed.execution.status == 0, "\(allowed.execution)")
    #expect(allowed.found("demo keys", "warning", "treasury-disburse signing", "demo key"))
    #expect(allowed.found("demo keys", "warning", "keys.allowDemoKeys", "takes keys"))
  }

  @Test("a vault key that is gone is a problem") func vaultKey() throws {
    let home = try TestHome()
    try FileManager.default.removeItem(atPath: "\(home.path)/keys/vault.key")
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.result("vault key") == "problem")
  }

  @Test("a partner's file that can't be read is a problem") func partnerFile() throws {
    let home = try TestHome()
    try home.edit(home.partnerFile) { $0 + "\nmaxBtch:\n  RWF: '5'\n" }
    let found = try Examination(home)
    #expect(found.execution.status == 78)
    #expect(found.found("partners", "problem", "partners", "maxBtch"), "\(found.execution)")
  }

  @Test("a partner's certificates are told 30 days before their end, and that none is left is a problem")
  func partnerCertificates() async throws {
    let home = try TestHome()
    // The certificates of these tests last 60 days.
    let near = try await findings(home, "partners", daysFromNow: 40)
    #expect(near.count == 3)
    #expect(near.allSatisfy { $0.severity == .warning && $0.what.contains("ends") })
    let over = try await findings(home, "partners", daysFromNow: 70).filter { $0.severity == .problem }
    #expect(over.contains { $0.what.contains("0 can sign now") }, "\(over)")
    #expect(over.contains { $0.what.contains("can't be encrypted") }, "\(over)")
  }
}
