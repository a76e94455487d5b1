import TestKit
import Testing

@Suite("A report that can't be written is no success") struct OutputFailureTests {
  /// Runs the program on the home with the script's redirection.
  private func run(_ home: TestHome, _ script: String, file: String = "") throws -> Execution {
    try Command.run(
      "/bin/bash", ["-c", script],
      environment: ["PROGRAM": Program.path, "FILE": file, "DISBURSE_HOME": home.path])
  }

  @Test(
    "a full device ends every report with 74, and says why",
    arguments: [
      "batch list", "batch list --format json", #"open "$FILE""#, #"check "$FILE""#, #"process "$FILE""#,
      "key export", "wallet balance social-registry",
    ])
  func full(command: String) throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    let result = try run(home, #""$PROGRAM" \#(command) > /dev/full"#, file: file)
    #expect(result.status == 74, "\(result)")
    #expect(result.stderr.contains("error: standard output can't be written: No space left on device"), "\(result)")
  }

  @Test("some failed lines do not hide that nobody could read of them") func fullWithFailures() throws {
    let home = try TestHome()
    let file = try home.sealed(.init("B-2", lines: [BatchDocument.credit("B-2-0", "0.5", to: "1")]))
    #expect(try run(home, #""$PROGRAM" process "$FILE" > /dev/full"#, file: file).status == 74)
    // The work is done all the same.
    #expect(try home.process(file).json["batches"][0]["repeated"].text == "1")
  }

  @Test("a rejection is told by its own status") func fullWithRejection() throws {
    let home = try TestHome()
    let file = try home.file("{}".utf8)
    #expect(try run(home, #""$PROGRAM" process "$FILE" --format json > /dev/full"#, file: file).status == 65)
  }

  @Test("a reader that has seen enough ends it quietly with 74", arguments: ["batch list", #"open "$FILE""#])
  func closedReader(command: String) throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    // The reader is gone before the program starts.
    let script = #"exec 3> >(:); wait $!; "$PROGRAM" \#(command) >&3"#
    let result = try run(home, script, file: file)
    #expect(result.status == 74, "\(result)")
    #expect(!result.stderr.contains("error"), "\(result)")
  }
}
