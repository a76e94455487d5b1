import Foundation
import TestKit
import Testing

@Suite("The demo keys, whose private halves everyone has") struct DemoKeyTests {
  private static let keys = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Keys").path

  private func add(to path: String) throws -> Execution {
    try Program.run([
      "partner", "add", "demo", "--home", path, "--signing-cert", "\(Self.keys)/partner-maker.crt",
      "--encryption-cert", "\(Self.keys)/partner-encryption.crt", "--format", "json",
    ])
  }

  @Test("an ordinary home refuses them") func refused() throws {
    let home = try TestHome()
    let result = try add(to: home.path)
    #expect(result.status == 77)
    #expect(try result.json["error"]["code"].text == "demo-key")
    #expect(try home.report(["partner", "list"]).json["partners"].elements.count == 1)
  }

  @Test("an ordinary home refuses them for results alone as well") func refusedForResults() throws {
    let home = try TestHome()
    let result = try home.report([
      "partner", "update", TestHome.partner, "--encryption-cert", "\(Self.keys)/partner-encryption.crt",
    ])
    #expect(result.status == 77)
  }

  @Test("a home that was made for them takes them") func taken() throws {
    let directory = try TemporaryDirectory()
    let made = try Program.run(["init", directory.file("home"), "--allow-demo-keys"])
    #expect(made.status == 0)
    #expect(try add(to: directory.file("home")).status == 0)
  }
}
