import TestKit
import Testing

@Suite(
  "A disk that does not take what is written",
  .enabled(if: MountNamespace.isAvailable, "this system has no user and mount namespaces for tests"))
struct DiskTests {
  @Test("a home that is read-only stops the work with a clear error, and goes on when it is writable") func readOnly()
    throws
  {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    let stopped = try MountNamespace.run(
      """
      mount --bind "$DISBURSE_HOME" "$DISBURSE_HOME"
      mount -o remount,bind,ro "$DISBURSE_HOME"
      exec "$PROGRAM" process "$FILE" --format json
      """, environment: ["DISBURSE_HOME": home.path, "PROGRAM": Program.path, "FILE": file])
    #expect(stopped.status == 73, "\(stopped)")
    #expect(stopped.stderr.lowercased().contains("read-only"), "\(stopped)")
    #expect(!stopped.stderr.contains("wallet"), "\(stopped)")
    #expect(try !stopped.json["error"]["code"].isNull)
    #expect(try home.balance() == TestHome.funded)
    #expect(try home.process(file).status == 0)
    #expect(try home.balance() == TestHome.funded - 100)
  }

  /// How much room is left, in KiB: from none to what is taken up by the journal, the ledger or the result.
  @Test(
    "a full disk stops the work with a clear error, and with room again it goes on and pays each once",
    arguments: [0, 256, 512, 640, 832, 1_024], ["payments", "vouchers"])
  func full(free: Int, kind: String) throws {
    let home = try TestHome()
    let amounts = Array(repeating: 10, count: 2_000)
    let file = try home.sealed(kind == "payments" ? .payments("B-1", amounts) : .vouchers("B-1", amounts))
    let run = try MountNamespace.run(
      """
      mkdir "$ROOM"
      mount -t tmpfs -o size=32m,mode=0700 tmpfs "$ROOM"
      cp -a "$TEMPLATE" "$ROOM/home"
      room=$(df -k --output=avail "$ROOM" | tail -n 1)
      head -c $(((room - FREE) * 1024)) /dev/zero > "$ROOM/ballast"
      status=0
      "$PROGRAM" process "$FILE" --format json > "$OUT/first" 2> "$OUT/complaint" || status=$?
      echo "$status" > "$OUT/status"
      rm "$ROOM/ballast"
      "$PROGRAM" process "$FILE" --format json > "$OUT/second" 2> "$OUT/second-complaint" || echo "again $?" >> "$OUT/status"
      "$PROGRAM" wallet balance "$PARTNER" --format json > "$OUT/balance"
      rm -rf "$OUT/home"
      cp -a "$ROOM/home" "$OUT/home"
      """,
      environment: [
        "ROOM": home.directory.file("room"), "TEMPLATE": home.path, "OUT": home.directory.path, "FILE": file,
        "DISBURSE_HOME": home.directory.file("room/home"), "PROGRAM": Program.path, "PARTNER": TestHome.partner,
        "FREE": "\(free)", "DISBURSE_DISPATCH_WAIT_FOR_FINAL_SECONDS": "0",
      ])
    #expect(run.status == 0, "\(run)")
    func text(_ name: String) throws -> String { String(decoding: try home.directory.read(name), as: UTF8.self) }
    let status = try text("status")
    // With the most room, payments fit: then the disk was never full.
    if status != "0\n" || free <= 512 {
      #expect(["69\n", "73\n", "74\n"].contains(status), "the second run failed as well, or the first did not")
      let complaint = try text("complaint")
      #expect(complaint.contains("room left") || complaint.contains("No space left"), "\(complaint)")
      #expect(try !JSON(object: home.directory.read("first"))["error"]["code"].isNull)
    }
    let batch = try JSON(object: home.directory.read("second"))["batches"][0]
    #expect(batch["status"].text == "COMPLETED")
    #expect(batch["summary"]["succeeded"].text == "2000")
    let balance = try JSON(object: home.directory.read("balance"))["balances"][0]["amount"].text
    #expect(balance == "\(TestHome.funded - 20_000)")

    let results = try TemporaryDirectory.files(under: home.directory.file("home/spool/outbox"))
    #expect(results.count == 1, "\(results)")
    let lines = try JSON(object: Sealing.open(results.first ?? "", as: home.keys, from: home.processor))["results"]
      .elements
    #expect(lines.count == 2_000)
    #expect(lines.allSatisfy { $0["status"].text == "SUCCESSFUL" })
    #expect(Set(lines.compactMap(\.["reference"].text)).count == 2_000)
    if kind == "vouchers" { #expect(Set(lines.compactMap(\.["voucherNumber"].text)).count == 2_000) }
  }
}
