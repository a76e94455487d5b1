import Foundation
import TestKit
import Testing

@Suite("what a run tells of batches")
struct NoticeRunTests {
  private let home: TestHome
  private let messages: TemporaryDirectory

  init() throws {
    home = try TestHome()
    messages = try TemporaryDirectory()
  }

  private func drop(_ bytes: some Sequence<UInt8>, as name: String) throws {
    let inbox = "\(home.path)/spool/inbox/\(TestHome.partner)"
    try FileManager.default.createDirectory(atPath: inbox, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: "\(inbox)/\(name)"))
  }

  private func run(_ environment: [String: String] = [:]) throws -> Execution {
    try home.run(
      ["run", "--once"],
      environment: ["DISBURSE_SPOOL_SETTLE_SECONDS": "0", "DISBURSE_SPOOL_TRUNCATED_AFTER_SECONDS": "0"]
        .merging(environment) { $1 })
  }

  private func events() throws -> [JSON] {
    try TemporaryDirectory.files(under: messages.path).sorted().map {
      try JSON(object: TemporaryDirectory.bytes(of: $0))
    }
  }

  @Test("a partner's directory and the operator's get a message for each end of a file, once")
  func ends() throws {
    try home.update("--notice-directory", messages.path)
    let document = BatchDocument.payments("VUP-1", [2_500, 5_000])
    try drop(Sealing(by: [home.keys.maker]).seal(document.bytes, to: home.processor), as: "good.p7m")
    try drop("not sealed".utf8, as: "bad.p7m")
    let first = try run()
    #expect(try Set(events().compactMap { $0["event"].text }) == ["completed", "rejected"], "\(first)")
    let completed = try #require(try events().first { $0["event"].text == "completed" })
    let result = try #require(completed["result"].text)
    #expect(FileManager.default.fileExists(atPath: result))
    #expect(completed["partner"].text == TestHome.partner)
    #expect(try events().first { $0["event"].text == "rejected" }?["file"].text == "bad.p7m")
    let count = try events().count
    _ = try run()
    #expect(try events().count == count)
  }

  @Test("the log of a run is what the configuration says: one object on each line")
  func jsonLog() throws {
    try drop("not sealed".utf8, as: "bad.p7m")
    let result = try run(["DISBURSE_LOG_FORMAT": "json"])
    let lines = try result.stderr.split(separator: "\n").map { try JSON(object: Array($0.utf8)) }
    #expect(lines.contains { $0["level"].text == "warning" && $0["fields"]["file"].text == "bad.p7m" }, "\(result)")
  }

  @Test(
    "a word of the configuration that means nothing is refused",
    arguments: [
      ("DISBURSE_LOG_FORMAT", "xml"), ("DISBURSE_LOG_LEVEL", "loud"), ("DISBURSE_MONITOR_PORT", "70000"),
      ("DISBURSE_NOTICES_COMMAND", "tell"),
    ])
  func configuration(key: String, value: String) throws {
    #expect(try run([key: value]).status == 78)
  }

  @Test("targets of notices are set, kept, shown and lifted")
  func terms() throws {
    try home.update("--notice-command", "/usr/local/bin/tell")
    try home.update("--notice-directory", messages.path)
    let shown = try home.report(["partner", "show", TestHome.partner]).json
    #expect(shown["notices"]["command"].text == "/usr/local/bin/tell")
    #expect(shown["notices"]["directory"].text == messages.path)
    try home.update("--notice-command", "none", "--notice-directory", "none")
    let lifted = try home.report(["partner", "show", TestHome.partner]).json
    #expect(lifted["notices"]["command"].isNull)
    #expect(lifted["notices"]["directory"].isNull)
    #expect(try home.run(["partner", "update", TestHome.partner, "--notice-command", "tell"]).status == 78)
  }
}
