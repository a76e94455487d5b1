import TestKit
import Testing

@Suite("Several processes on one home") struct ConcurrencyTests {
  /// Processes each file in a process of its own, all at once, and answers the exit statuses.
  private func processAtOnce(_ files: [String], in home: TestHome) throws -> [String] {
    let script = """
      number=0
      for file in "$@"; do
        number=$((number + 1))
        ("$PROGRAM" process "$file" > /dev/null 2> "$OUT/complaint-$number"; echo $? > "$OUT/status-$number") &
      done
      wait
      """
    let result = try Command.run(
      "/bin/sh", ["-c", script, "sh"] + files,
      environment: ["PROGRAM": Program.path, "OUT": home.directory.path, "DISBURSE_HOME": home.path])
    #expect(result.status == 0, "\(result)")
    return try files.indices.map {
      String(decoding: try home.directory.read("status-\($0 + 1)").filter { $0 != 0x0A }, as: UTF8.self)
    }
  }

  @Test("the same file at once is paid once, and whoever comes too late is told or answered") func sameFile() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", Array(repeating: 10, count: 500)))
    let statuses = try processAtOnce([file, file, file], in: home)
    #expect(statuses.contains("0"))
    #expect(statuses.allSatisfy { ["0", "69"].contains($0) }, "\(statuses)")
    #expect(try home.process(file).status == 0)
    #expect(try home.balance() == TestHome.funded - 5_000)
    #expect(try home.received(BatchDocument.payee(0)) == 10)
  }

  @Test("an instruction in two batches that come at once is paid once") func sameInstruction() throws {
    let home = try TestHome()
    let lines = BatchDocument.payments("B", Array(repeating: 10, count: 100)).lines
    let files = try ["B-1", "B-2"].map { try home.sealed(.init($0, lines: lines)) }
    let statuses = try processAtOnce(files, in: home)
    #expect(statuses.filter { $0 == "0" }.count == 1, "\(statuses)")
    #expect(try home.balance() == TestHome.funded - 1_000)
  }

  @Test("different batches at once are all paid, now or when they are sent again") func differentBatches() throws {
    let home = try TestHome()
    let files = try (1...4).map { try home.sealed(.payments("B-\($0)", [100, 200])) }
    let statuses = try processAtOnce(files, in: home)
    #expect(statuses.allSatisfy { ["0", "69"].contains($0) }, "\(statuses)")
    for file in files { #expect(try home.process(file).status == 0) }
    #expect(try home.balance() == TestHome.funded - 1_200)
    #expect(try home.received(BatchDocument.payee(1)) == 800)
  }

  @Test("money that is put in while a batch is paid is all there") func fundingBeside() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", Array(repeating: 10, count: 500)))
    let result = try Command.run(
      "/bin/sh",
      [
        "-euc",
        """
        "$PROGRAM" process "$FILE" > /dev/null &
        for turn in 1 2 3 4 5; do "$PROGRAM" wallet fund "$PARTNER" 100 RWF > /dev/null; done
        wait $!
        """,
      ],
      environment: [
        "PROGRAM": Program.path, "FILE": file, "PARTNER": TestHome.partner, "DISBURSE_HOME": home.path,
      ])
    #expect(result.status == 0, "\(result)")
    #expect(try home.balance() == TestHome.funded - 5_000 + 500)
  }
}
