import Foundation
import TestKit
import Testing

@Suite("The help texts") struct HelpTests {
  static let commands = [
    "", "init", "key export", "key generate", "key list", "key protect", "key rotate",
    "partner add", "partner list", "partner show",
    "partner update", "partner remove", "wallet fund", "wallet balance", "wallet account open", "wallet account show",
    "batch hold", "batch approve", "batch resume", "batch cancel", "batch retry",
    "batch settle", "operator add", "operator list", "operator show", "operator update", "operator remove",
    "wallet account set", "voucher group add", "voucher group list", "beneficiary add", "beneficiary update",
    "beneficiary show", "beneficiary list", "beneficiary import", "seal", "open", "check", "process", "run", "batch list",
    "batch show", "batch detail", "payments", "doctor", "audit verify", "audit show",
  ]

  @Test("each has an example of its own command", arguments: commands) func example(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let help = try Program.run(words + ["--help"])
    #expect(help.status == 0)
    let parts = help.stdout.split(separator: "EXAMPLE\n", maxSplits: 1)
    #expect(parts.count == 2)
    let example = parts.last?.split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty } ?? []
    #expect(example.first?.contains("disburse \(command)") == true, "\(help.stdout)")
    #expect(example.allSatisfy { $0.hasPrefix("  ") }, "a line is broken at the width of a terminal: \(example)")
    #expect(help.stderr.isEmpty)
  }

  @Test("every command that the program names is in the list above") func complete() throws {
    func leaves(_ words: [String]) throws -> [String] {
      let help = try Program.run(words + ["--help"]).stdout
      guard let start = help.range(of: "SUBCOMMANDS:\n") else { return [words.joined(separator: " ")] }
      return try help[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
        .prefix { !$0.isEmpty }
        .compactMap { $0.wholeMatch(of: /\ \ ([a-z]+) .*/).map { String($0.1) } }
        .flatMap { try leaves(words + [$0]) }
    }
    #expect(try Set(leaves([])) == Set(Self.commands.dropFirst()))
  }

  @Test("the first lines say what the program is for") func topLines() throws {
    let lines = try Program.run(["--help"]).stdout.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.prefix(13).joined(separator: "\n") == """
        OVERVIEW: Pays sealed batches of social cash transfers and answers with sealed
        results.

        A partner seals a batch with openssl; disburse opens and checks it, pays every
        instruction through a wallet, or issues its vouchers, and seals the answer to
        the partner.

        EXAMPLE
          disburse init /var/lib/disburse --processor-id treasury-disburse
          disburse key export -o processor.crt
          disburse partner add social-registry \\
            --signing-cert maker.crt --encryption-cert partner.crt
          disburse wallet fund social-registry 5000000 RWF
        """)
  }

  @Test("the help tells every exit status") func statuses() throws {
    let help = try Program.run(["--help"]).stdout.split { $0.isWhitespace }.joined(separator: " ")
    for status in ["0", "2", "64", "65", "69", "73", "74", "77", "78"] {
      #expect(help.contains(" \(status) "), "\(status) is not told")
    }
  }

  @Test("the version is told") func version() throws {
    #expect(try Program.run(["--version"]).stdout.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
  }
}
