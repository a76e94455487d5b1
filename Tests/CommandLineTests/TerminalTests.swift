import Foundation
import TestKit
import Testing

@Suite("What partners write does not reach the operator's terminal as commands") struct TerminalTests {
  private static let poison = "\u{1B}[2J\u{7}\u{7F}\u{9B}31m\u{202E}\u{2066}\r"

  private func isHarmless(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x0A: true
      case 0...0x1F, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069: false
      default: true
      }
    }
  }

  @Test("the name of a rejected file") func fileName() throws {
    let home = try TestHome()
    let path = try home.directory.write([UInt8]("{}".utf8), as: "a\(Self.poison)b.p7m")
    for command in ["process", "check"] {
      let result = try home.run([command, path])
      #expect(result.status == 65)
      #expect(isHarmless(result.stderr), "\(result)")
      #expect(result.stderr.contains(#"\u001B[2J\u0007\u007F\u009B31m\u202E\u2066\rb.p7m"#), "\(result)")
    }
    let missing = try home.run(["process", home.directory.file("c\(Self.poison)\nerror: d")])
    #expect(missing.status == 74)
    #expect(isHarmless(missing.stderr))
    #expect(missing.stderr.split(separator: "\n").filter { $0.hasPrefix("error: ") }.count == 1)
  }

  @Test("a cell of a table") func cell() throws {
    let home = try TestHome()
    let added = try home.expectSuccess(["voucher", "group", "add", "HEALTH", "--description", "x\(Self.poison)\ny"])
    #expect(isHarmless(added.stdout))
    #expect(added.stdout.contains(#"x\u001B[2J\u0007\u007F\u009B31m\u202E\u2066\r\ny"#), "\(added)")
    #expect(added.stdout.split(separator: "\n").count == 3)
  }

  @Test("a result that is shown as a table") func result() throws {
    let home = try TestHome()
    let document = #"""
      {"batchID":"B\u001b[2J","sourceBBID":"social-registry","processorID":"p","revision":1,"status":"REJECTED",
       "generatedAt":"2026-11-22T02:00:09Z","errorCount":1,
       "errors":[{"code":"schema","iso":"NARR","pointer":"/a\u202e","message":"m\u009b\n"}]}
      """#
    let file = try home.file(Sealing(by: [home.keys.maker]).seal(document.utf8, to: home.keys.encryption.certificate))
    let shown = try Program.run([
      "open", file, "--cert", home.keys.encryption.certificate, "--key", home.keys.encryption.key, "--format", "table",
    ])
    #expect(shown.status == 0, "\(shown)")
    #expect(isHarmless(shown.stdout))
    #expect(shown.stdout.contains(#"batch B\u001B[2J"#))
    #expect(shown.stdout.contains(#"/a\u202E: m\u009B\n"#))
  }
}
