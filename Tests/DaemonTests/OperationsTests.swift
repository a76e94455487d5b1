import Foundation
import TestKit
import Testing

/// Types the operations guide from its first line to its last: every block, in its order, in one shell. What needs a
/// machine of its own is played: `sudo` changes no user, `systemctl` starts and stops the daemon itself, and paths of the
/// system lie in a directory of the test. The partner's side, and what waits for the daemon, stands between the blocks.
@Suite("The operations guide", .timeLimit(.minutes(5)))
struct OperationsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  @Test("works as it stands, from an empty machine to another one")
  func guide() throws {
    let directory = try TemporaryDirectory()
    let result = try Command.run(
      "/bin/bash", ["-euo", "pipefail", "-c", Self.prelude + script(in: directory.path) + Self.close],
      environment: ["ROOT": directory.path, "PROJECT": Self.root, "PROGRAM": Program.path])
    #expect(result.status == 0, "\(result)")
    // The batch came to its end on the first machine: one paid, one settled by hand, one paid at the second attempt.
    let words = result.stdout.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(words.contains("succeeded 3 600 RWF"), "\(result)")
    #expect(words.contains("of them settled by hand 1 200 RWF"), "\(result)")
    #expect(result.stdout.contains("the guide is typed"))
  }

  /// The guide's blocks in their order, each in the place that it is for, with the partner's work in between.
  private func script(in root: String) throws -> String {
    let text = try String(contentsOfFile: "\(Self.root)/Docs/operations.md", encoding: .utf8)
    let sections = text.components(separatedBy: "\n## ").dropFirst()
    return sections.map { section in
      let heading = section.prefix { $0 != "\n" }
      let blocks = section.components(separatedBy: "```sh\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
      let typed = blocks.map { block in
        // What was mended before it is tried again.
        let mending =
          block.contains("batch retry") ? "disburse wallet account set MSISDN 250788123453 --state active\n" : ""
        return "\n: '\(heading)'\n" + mending + Self.placed(block, in: root) + "\nquiet\n"
      }.joined()
      return (heading == "Add a partner" ? Self.keys : "") + typed + (heading == "Add a partner" ? Self.batch : "")
    }.joined()
  }

  private static func placed(_ block: String, in root: String) -> String {
    var block = block
    for place in ["/var/lib/disburse", "/etc/", "/usr/local/bin/", "/usr/lib/"] {
      block = block.replacing(place, with: root + place)
    }
    return block.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.contains("# bob") ? "WHO=2 \(line)" : String(line)
    }.joined(separator: "\n").replacing(".build/release/disburse", with: "$PROGRAM")
      .replacing("Packaging/", with: "$PROJECT/Packaging/")
      // Two users that every machine has.
      .replacing("--user alice", with: "--user daemon").replacing("--user bob", with: "--user bin")
  }

  private static let prelude = #"""
    cd "$ROOT"; mkdir -p usr/local/bin usr/lib/sysusers.d etc/systemd/system var/lib
    export PATH=$ROOT/usr/local/bin:$PATH DISBURSE_HOME=$ROOT/var/lib/disburse
    export DISBURSE_SPOOL_SETTLE_SECONDS=0 DISBURSE_SPOOL_SCAN_SECONDS=1 DISBURSE_MONITOR_PORT=0
    daemon=
    sudo() { if [ "$1" = -u ]; then shift 2; fi; SUDO_UID=${WHO:-1} "$@"; }
    systemd-sysusers() { :; }
    install() { # without the owners, which need root and the service's user
      local words=()
      while [ $# -gt 0 ]; do case $1 in -o|-g) shift 2 ;; *) words+=("$1"); shift ;; esac; done
      command install "${words[@]}"
    }
    systemctl() {
      case $* in
      daemon-reload) ;;
      stop*|disable*) if [ -n "$daemon" ]; then kill -TERM "$daemon"; wait "$daemon"; daemon=; fi ;;
      start*|enable*)
        : > daemon.log; disburse run 2> daemon.log & daemon=$!
        until grep -q 'daemon started' daemon.log; do kill -0 "$daemon"; done ;;
      esac
    }
    trap 'if [ -n "$daemon" ]; then kill -KILL "$daemon"; fi; cat daemon.log >&2' EXIT
    # Until nothing is left that the daemon can do now: what is not held is answered.
    quiet() {
      [ -n "$daemon" ] || return 0
      while disburse batch list | grep -qE ' (ADMITTED|PARTIAL) +[0-9]{4}-'; do kill -0 "$daemon"; done
    }

    """#

  private static let keys = #"""
    for name in maker checker partner; do
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 60 -subj "/CN=$name" \
        -keyout $name.key -out $name.crt
    done

    """#

  private static let batch = #"""
    for number in 2 3; do disburse wallet account open MSISDN 25078812345$number --state inactive --currency RWF; done
    cat > batch.json <<'END'
    { "batchID": "VUP-2026-11-0001", "sourceBBID": "social-registry", "currency": "RWF",
      "control": { "count": 3, "total": "600" }, "creditInstructions": [
      { "instructionID": "I-1", "payee": { "type": "MSISDN", "id": "250788123451" }, "amount": "100" },
      { "instructionID": "I-2", "payee": { "type": "MSISDN", "id": "250788123452" }, "amount": "200" },
      { "instructionID": "I-3", "payee": { "type": "MSISDN", "id": "250788123453" }, "amount": "300" } ] }
    END
    gzip -c batch.json |
      openssl cms -sign -binary -nodetach -outform DER -md sha256 -signer maker.crt -inkey maker.key |
      openssl cms -resign -binary -nodetach -inform DER -outform DER -md sha256 -signer checker.crt -inkey checker.key |
      openssl cms -encrypt -binary -aes-256-gcm -outform DER -recip processor.crt -out batch.p7m
    mv batch.p7m "$DISBURSE_HOME/spool/inbox/social-registry/batch.p7m"
    until disburse batch list --held | grep -q VUP-2026-11-0001; do kill -0 "$daemon"; done

    """#

  private static let close = #"""
    disburse batch show VUP-2026-11-0001
    systemctl stop disburse
    echo the guide is typed

    """#
}
