import Testing

@testable import Station

@Suite("The name of a dropped file")
struct InboxRulesTests {
  @Test(
    "says that it is still being written",
    arguments: [".batch.p7m", ".batch", "batch.p7m.part", "batch.PART", "batch.tmp", "batch.p7m.filepart"])
  func unfinished(name: String) { #expect(InboxRules.verdict(on: name) == .unfinished) }

  @Test(
    "is taken whatever else it is",
    arguments: [
      "batch.p7m", "batch", "part", "a.tmp.p7m", "höhe münchen.p7m", "a+b.p7m", String(repeating: "x", count: 180),
    ])
  func taken(name: String) { #expect(InboxRules.verdict(on: name) == .take) }

  @Test(
    "is refused when no result could be called after it, or no person could read it",
    arguments: [String(repeating: "x", count: 181), "a\nb.p7m", "a\u{1B}[2J.p7m", "a\u{7F}", "a\u{85}b"])
  func refused(name: String) {
    guard case .refuse = InboxRules.verdict(on: name) else {
      Issue.record("\(name.debugDescription) is \(InboxRules.verdict(on: name))")
      return
    }
  }

  @Test(
    "and that of its partner are found again in the name that it has in the work directory",
    arguments: [
      "batch.p7m", "a+b+c.p7m", "+", "ü.p7m",
    ])
  func workName(name: String) throws {
    let item = try WorkItem(DroppedFile.Key(partner: "social-registry", name: name))
    #expect(WorkItem(fileName: item.fileName) == item)
  }

  @Test(
    "is no work of ours without the three parts", arguments: ["batch.p7m", "a+b", "a+b+c", ".a+0123456789abcdef.note"])
  func foreign(name: String) { #expect(WorkItem(fileName: name) == nil) }
}
