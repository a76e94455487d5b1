import Glibc
import Journal
import TestKit
import Testing

@testable import Station

@Suite("the delivery of notices", .timeLimit(.minutes(2)))
struct NoticeDeliveryTests {
  private let kit: NoticeKit

  init() throws { kit = try NoticeKit() }

  private func courier(
    _ place: NoticeTarget.Place, _ source: any NoticeSource, of owner: NoticeTarget.Owner = .operator
  ) -> NoticeCourier {
    NoticeCourier(target: NoticeTarget(owner: owner, place: place), parts: kit.parts(source))
  }

  @Test("a directory gets a file for each notice, which only its owner reads")
  func directory() async throws {
    let place = try kit.place()
    let trail = MemoryTrail([
      Trail.entry(1, .fileTaken), Trail.entry(2, .batchHeld, [("cause", "failure-rate")]), Trail.entry(3),
    ])
    try await courier(.directory(place), trail).drain()
    let names = try kit.names(in: place)
    #expect(names == ["000000000002-held-VUP-1.json", "000000000003-completed-VUP-1.json"])
    var status = stat()
    #expect(stat("\(place)/\(names[0])", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(try JSON(object: TemporaryDirectory.bytes(of: "\(place)/\(names[0])"))["cause"].text == "failure-rate")
  }

  @Test("a program gets the message on its standard input, one run for each, in order")
  func command() async throws {
    let out = kit.directory.file("out")
    let program = try kit.program("cat >> \(out)")
    try await courier(.command(program), MemoryTrail([Trail.entry(4), Trail.entry(9)])).drain()
    let entries = try kit.lines(of: "out").map { try JSON(object: Array($0.utf8))["entry"].text }
    #expect(entries == ["4", "9"])
    #expect(kit.figures.contains(#"disburse_notices_total{delivery="delivered"} 2"#))
  }

  @Test("a program gets nothing of ours: no variables, no descriptors, no arguments, its own process group")
  func cleanProgram() async throws {
    setenv("DISBURSE_TEST_SECRET", "hidden", 1)
    let left = open("/dev/null", O_RDONLY)
    defer { close(left) }
    let out = kit.directory.file("out")
    let program = try kit.program(
      """
      cat > /dev/null
      /usr/bin/env > \(out).env
      ls /proc/$$/fd > \(out).fd
      echo "$# $(pwd) $(cut -d' ' -f5 /proc/$$/stat) $$" > \(out)
      """)
    try await courier(.command(program), MemoryTrail([Trail.entry(1)])).drain()
    let variables = try kit.lines(of: "out.env").map { $0.prefix { $0 != "=" } }
    #expect(Set(variables).isSubset(of: ["PATH", "LANG", "PWD", "OLDPWD", "SHLVL", "_"]))
    // The shell holds its own script open, at 10 or above.
    #expect(try kit.lines(of: "out.fd").compactMap { Int($0) }.filter { $0 < 10 } == [0, 1, 2])
    #expect(try !kit.lines(of: "out.fd").contains("\(left)"))
    let words = try kit.lines(of: "out")[0].split(separator: " ").map(String.init)
    #expect(words[0] == "0")
    #expect(words[1] == "/")
    #expect(words[2] == words[3])
  }

  @Test("a program that fails is run again, and given up after a number of times, with the next notice going on")
  func givenUp() async throws {
    let out = kit.directory.file("out")
    let program = try kit.program(
      "if grep -q '\"entry\":4,'; then echo failed >> \(out); exit 3; fi; echo done >> \(out)")
    try await courier(.command(program), MemoryTrail([Trail.entry(4), Trail.entry(9)])).drain()
    #expect(try kit.lines(of: "out") == ["failed", "failed", "failed", "done"])
    #expect(kit.figures.contains(#"disburse_notices_total{delivery="retried"} 2"#))
    #expect(kit.figures.contains(#"disburse_notices_total{delivery="abandoned"} 1"#))
    #expect(kit.figures.contains(#"disburse_notices_total{delivery="delivered"} 1"#))
    let errors = try kit.log.lines.filter { $0.contains(" error spool: notice given up") }
    #expect(errors.count == 1)
    #expect(errors.first?.contains("ended with status 3") == true)
  }

  @Test("a program that fails once is no loss")
  func again() async throws {
    let mark = kit.directory.file("mark")
    let out = kit.directory.file("out")
    let program = try kit.program("if ! test -e \(mark); then touch \(mark); exit 1; fi; cat >> \(out)")
    try await courier(.command(program), MemoryTrail([Trail.entry(4)])).drain()
    #expect(try kit.lines(of: "out").count == 1)
  }

  @Test("a program that takes too long is ended, with what it started")
  func timeLimit() async throws {
    let out = kit.directory.file("out")
    let program = try kit.program("sleep 1000 & echo $! > \(out); wait")
    var parts = kit.parts(MemoryTrail([Trail.entry(4)]))
    parts.settings.attempts = 1
    parts.settings.timeLimit = .milliseconds(500)
    let target = NoticeTarget(owner: .operator, place: .command(program))
    try await NoticeCourier(target: target, parts: parts).drain()
    #expect(try kit.log.text.contains("took too long and was ended"))
    let child = try #require(try kit.lines(of: "out").first.flatMap { pid_t($0) })
    // Whoever takes over orphans may be late to reap it: gone, or a zombie.
    try await eventually {
      guard kill(child, 0) == 0 else { return true }
      let status = (try? TemporaryDirectory.bytes(of: "/proc/\(child)/stat")) ?? []
      return String(decoding: status, as: UTF8.self).contains(") Z ")
    }
  }

  @Test("a program that is not there is no reason to stop", arguments: ["/nowhere/tell", "/tmp"])
  func noProgram(path: String) async throws {
    try await courier(.command(path), MemoryTrail([Trail.entry(4)])).drain()
    #expect(try kit.log.text.contains("can't be started"))
  }

  @Test("a directory that is not there is no reason to stop")
  func noDirectory() async throws {
    try await courier(.directory("/nowhere"), MemoryTrail([Trail.entry(4)])).drain()
    #expect(kit.figures.contains(#"disburse_notices_total{delivery="abandoned"} 1"#))
  }

  @Test("what was delivered and not written down comes again, and nothing is left out")
  func crash() async throws {
    let out = kit.directory.file("out")
    let program = try kit.program("cat >> \(out)")
    let trail = MemoryTrail([Trail.entry(4), Trail.entry(9)])
    trail.isBroken = true
    await #expect(throws: MemoryTrail.Broken.self) { try await courier(.command(program), trail).drain() }
    trail.isBroken = false
    try await courier(.command(program), trail).drain()
    try await courier(.command(program), trail).drain()
    let entries = try kit.lines(of: "out").map { try JSON(object: Array($0.utf8))["entry"].text }
    #expect(entries == ["4", "4", "9"])
  }

  @Test("a partner is told of its own batches only, the operator of all")
  func owners() async throws {
    let trail = MemoryTrail([
      Trail.entry(1, partner: "social-registry"), Trail.entry(2, partner: "pension-fund"),
      Trail.entry(3, .fileRejected, partner: nil, [("code", "not-sealed")]),
    ])
    let (own, all) = (try kit.place("own"), try kit.place("all"))
    try await courier(.directory(own), trail, of: .partner("pension-fund")).drain()
    try await courier(.directory(all), trail).drain()
    #expect(try kit.names(in: own) == ["000000000002-completed-VUP-1.json"])
    #expect(try kit.names(in: all).count == 3)
  }
}
