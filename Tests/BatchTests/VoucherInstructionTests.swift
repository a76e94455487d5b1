import Batch
import Testing

@Suite("Voucher instructions")
struct VoucherInstructionTests {
  private func line(_ members: String) -> DocumentReading {
    .voucher(#"{"instructionID":"I","amount":"5",\#(members)}"#)
  }

  @Test("a voucher instruction is read whole")
  func whole() {
    let reading = line(
      #""groupCode":"GENERAL","payeeFunctionalID":"RW-1","serialNumber":"9000000000000019","narration":"kit""#)
    #expect(reading.frame?.header.kind == .voucher)
    let instruction = reading.instructions.first
    #expect(
      instruction?.order
        == .voucher(
          VoucherRequest(groupCode: "GENERAL", payeeFunctionalID: "RW-1", serialNumber: "9000000000000019")))
    #expect(instruction?.refusal == nil)
    #expect(instruction?.narration == "kit")
  }

  @Test("a group code alone asks for a new voucher")
  func least() {
    #expect(line(#""groupCode":"G""#).instructions.first?.order == .voucher(VoucherRequest(groupCode: "G")))
  }

  @Test("a serial number may be a JSON number")
  func serialNumberAsNumber() {
    let instruction = line(#""groupCode":"G","serialNumber":9000000000000019"#).instructions.first
    #expect(
      instruction?.order == .voucher(VoucherRequest(groupCode: "G", serialNumber: "9000000000000019")))
    #expect(instruction?.refusal == nil)
  }

  @Test(
    "a serial number of the wrong form refuses its line alone",
    arguments: [
      #""9000000000000018""#, #""8000000000000011""#, #""900000000000018""#, #""90000000000000018""#, "9.0e15",
      #""900000000000001x""#, "-1",
    ])
  func wrongSerialNumber(text: String) {
    let reading = line(#""groupCode":"G","serialNumber":\#(text)"#)
    #expect(reading.allProblems.isEmpty)
    #expect(reading.instructions.first?.refusal?.code == .voucherNotFound)
  }

  @Test(
    "a voucher instruction that is not what the format says is an error of the file",
    arguments: [
      (#""x":1"#, "/groupCode"), (#""groupCode":"""#, "/groupCode"),
      (#""groupCode":"123456789012345678901""#, "/groupCode"), (#""groupCode":1"#, "/groupCode"),
      (#""groupCode":"G","payeeFunctionalID":"123456789012345678901""#, "/payeeFunctionalID"),
      (#""groupCode":"G","serialNumber":null"#, "/serialNumber"),
      (#""groupCode":"G","serialNumber":"""#, "/serialNumber"),
    ])
  func schema(members: String, pointer: String) {
    let reading = line(members)
    #expect(reading.instructions.isEmpty)
    #expect(reading.problems.map(\.pointer) == ["/voucherInstructions/0\(pointer)"])
  }

  @Test("members of a credit instruction are unknown here")
  func unknown() {
    #expect(line(#""groupCode":"G","payee":{"type":"WALLET","id":"w"}"#).unknownMemberCount == 1)
  }
}
