import Batch
import Testing

@Suite("Control totals")
struct ControlTests {
  private func problems(_ control: String, _ amounts: [(String, String)], currency: String? = "RWF") -> [Problem] {
    let records = amounts.enumerated().map { index, line in
      #"{"instructionID":"I-\#(index)","payeeFunctionalID":"f","amount":\#(line.0),"currency":"\#(line.1)"}"#
    }
    let member = currency.map { #""currency":"\#($0)","# } ?? ""
    var limits = BatchLimits()
    limits.recordsPerChunk = 2
    let reading = DocumentReading(
      #"{"batchID":"B","sourceBBID":"s",\#(member)"control":\#(control),"creditInstructions":["#
        + records.joined(separator: ",") + "]}", limits: limits)
    guard let frame = reading.frame, let control = frame.control else { return [Problem(.schema, "no control")] }
    return control.problems(against: reading.totals, batchCurrency: frame.header.currency)
  }

  @Test("a control that holds gives no problem, also over several chunks")
  func holds() {
    let lines = [(#""7500.00""#, "RWF"), ("4999", "RWF"), ("1", "RWF")]
    #expect(problems(#"{"count":3,"total":"12500.00"}"#, lines).isEmpty)
    #expect(problems(#"{"count":3,"total":12500}"#, lines).isEmpty)
    #expect(problems(#"{"total":{"RWF":"12500"}}"#, lines).isEmpty)
  }

  @Test("a total that differs is told with both sums")
  func totalDiffers() {
    let found = problems(#"{"count":1,"total":"12500.00"}"#, [(#""12400.00""#, "RWF")])
    #expect(found.map(\.code) == [.controlMismatch])
    #expect(found.first?.pointer == "/control/total")
    #expect(found.first?.message == "control.total is 12500.00 RWF, the instructions sum to 12400.00 RWF")
  }

  @Test("a count that differs is told with both counts")
  func countDiffers() {
    let found = problems(#"{"count":2}"#, [("5", "RWF")])
    #expect(found.map(\.message) == ["control.count is 2, the file holds 1 instructions"])
  }

  @Test("a cent is a difference, however large the sum")
  func exactness() {
    let lines = [(#""90071992547409.91""#, "EUR"), (#""0.02""#, "EUR")]
    #expect(problems(#"{"total":"90071992547409.93"}"#, lines, currency: "EUR").isEmpty)
    #expect(problems(#"{"total":"90071992547409.92"}"#, lines, currency: "EUR").count == 1)
  }

  @Test("a decimal that is refused as an amount counts, since the sender summed it")
  func refusedAmountsCount() {
    let lines = [("5", "RWF"), (#""200.50""#, "RWF"), ("0", "RWF"), (#""abc""#, "RWF")]
    #expect(problems(#"{"count":4,"total":"205.50"}"#, lines).isEmpty)
  }

  @Test("by currency, each is compared, stated or not")
  func byCurrency() {
    let lines = [("5", "RWF"), (#""1.50""#, "KES"), ("7", "RWF")]
    #expect(problems(#"{"total":{"RWF":"12","KES":"1.5"}}"#, lines).isEmpty)
    #expect(
      problems(#"{"total":{"RWF":"11","UGX":"1"}}"#, lines).map(\.message) == [
        "control.total names no KES, the instructions sum to 1.50 KES",
        "control.total is 11.00 RWF, the instructions sum to 12.00 RWF",
        "control.total is 1.00 UGX, the instructions sum to 0.00 UGX",
      ])
  }

  @Test("a plain total is that of the batch's currency, or of all amounts")
  func plainOverCurrencies() {
    let lines = [("5", "RWF"), ("7", "KES")]
    #expect(problems(#"{"total":"5"}"#, lines).isEmpty)
    #expect(problems(#"{"total":"12"}"#, lines).isEmpty)
    #expect(problems(#"{"total":"7"}"#, lines).count == 1)
  }

  @Test("a plain total without a batch currency is that of the one currency of the lines")
  func plainWithoutCurrency() {
    #expect(problems(#"{"total":"5"}"#, [("5", "KES")], currency: nil).isEmpty)
    #expect(
      problems(#"{"total":"6"}"#, [("5", "KES")], currency: nil).first?.message
        == "control.total is 6.00 KES, the instructions sum to 5.00 KES")
    #expect(
      problems(#"{"total":"6"}"#, [("5", "KES"), ("2", "RWF")], currency: nil).first?.message
        == "control.total is 6 without a currency, the instructions sum to 5.00 KES and 2.00 RWF")
  }

  @Test("a sum over 63 bits is exact")
  func largeSum() {
    let lines = Array(repeating: (#""9223372036854775807""#, "RWF"), count: 5)
    #expect(problems(#"{"total":"46116860184273879035"}"#, lines).isEmpty)
  }

  @Test("a decimal too long to be summed fails the control rather than be left out")
  func tooLong() {
    #expect(problems(#"{"total":"5"}"#, [("5", "RWF"), ("1e50", "RWF")]).count == 1)
  }

  @Test("totals merge to the same whatever the order")
  func merging() {
    let first = DocumentReading.credit(#"{"instructionID":"I","payeeFunctionalID":"f","amount":1.25,"currency":"KES"}"#)
    let second = DocumentReading.credit(#"{"instructionID":"I","payeeFunctionalID":"f","amount":3,"currency":"KES"}"#)
    var forth = first.totals
    forth.merge(second.totals)
    var back = second.totals
    back.merge(first.totals)
    #expect(forth == back)
    #expect(forth.sums == ["KES": ExactDecimal(coefficient: 425, scale: 2)])
    #expect(forth.count == 2)
  }
}
