import Testing
import TestKit

@Suite("A home") struct FirstTests {
  @Test("a batch is paid through the real program") func pays() throws {
    let home = try TestHome()
    let report = try home.process(home.sealed(.payments("B-1", [100, 200])))
    #expect(report.status == 0)
    #expect(try home.balance() == TestHome.funded - 300)
    #expect(try home.result(of: report)["status"].text == "COMPLETED")
  }
}
