import Foundation
import TestKit
import Testing

@Suite("What the documents tell to type works as it stands") struct ReadmeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The shell blocks of a document from a line on, without those that build.
  private func script(of document: String, from heading: String) throws -> String {
    let text = try String(contentsOfFile: "\(Self.root)/\(document)", encoding: .utf8)
    let start = try #require(text.range(of: heading)).upperBound
    var blocks: [Substring] = []
    for block in text[start...].components(separatedBy: "```sh\n").dropFirst() {
      blocks += block.components(separatedBy: "```")[0].split(separator: "\n", omittingEmptySubsequences: false)
    }
    return blocks.filter { !$0.hasPrefix("make ") && !$0.hasPrefix("export PATH=") }.joined(separator: "\n")
  }

  private func run(_ script: String, in directory: TemporaryDirectory) throws -> Execution {
    let programs = (Program.path as NSString).deletingLastPathComponent
    return try Command.run(
      "/bin/bash", ["-euo", "pipefail", "-c", "cd \"$HOME\"\n" + script],
      environment: ["HOME": directory.path, "PATH": "\(programs):/usr/local/bin:/usr/bin:/bin"])
  }

  @Test("the way of the README leads from keys to an opened result") func readme() throws {
    let directory = try TemporaryDirectory()
    let result = try run(script(of: "README.md", from: "## The whole way"), in: directory)
    #expect(result.status == 0, "\(result)")
    #expect(result.stderr.contains("CMS Verification successful"))
    let answer = try JSON(object: directory.read("result.json"))
    #expect(answer["status"].text == "COMPLETED")
    #expect(answer["summary"]["succeeded"].text == "2")
  }

  @Test("a sealed sample opens as the samples' page says, both ways") func samples() throws {
    let directory = try TemporaryDirectory()
    let links = "ln -s \(Self.root)/Samples Samples; ln -s \(Self.root)/Keys Keys\n"
    let result = try run(links + script(of: "Samples/README.md", from: "Read a sealed sample"), in: directory)
    #expect(result.status == 0, "\(result)")
    let document = try String(contentsOfFile: "\(Self.root)/Samples/payments.json", encoding: .utf8)
    #expect(result.stdout == document + document)
  }
}
