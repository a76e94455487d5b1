import TestKit
import Testing

@Suite("What check foresees, as the command line's page says") struct CheckScopeTests {
  private func status(
    of lines: [String], kind: String = "creditInstructions", _ prepare: (TestHome) throws -> Void = { _ in }
  )
    throws -> (check: Int32, process: Int32)
  {
    let home = try TestHome()
    try prepare(home)
    let file = try home.sealed(BatchDocument("B-1", kind: kind, lines: lines))
    return try (home.run(["check", file]).status, home.run(["process", file]).status)
  }

  @Test("a line that is wrong in itself is foreseen") func foreseen() throws {
    let statuses = try status(of: [BatchDocument.credit("I-1", "0.5", to: BatchDocument.payee(0))])
    #expect(statuses == (2, 2))
  }

  @Test("the standing of a payee's account is not") func payee() throws {
    let line = BatchDocument.credit("I-1", "5", to: BatchDocument.payee(0))
    let statuses = try status(of: [line]) { home in
      try home.expectSuccess(["wallet", "account", "open", "MSISDN", BatchDocument.payee(0), "--state", "inactive"])
    }
    #expect(statuses == (0, 2))
  }

  @Test("neither is a functional ID") func functionalID() throws {
    let line = #"{"instructionID":"I-1","payeeFunctionalID":"RW-1","amount":"5"}"#
    #expect(try status(of: [line]) == (0, 2))
  }

  @Test("nor a voucher group") func group() throws {
    let line = BatchDocument.voucher("I-1", "5", group: "NOBODY")
    #expect(try status(of: [line], kind: "voucherInstructions") == (0, 2))
  }
}
