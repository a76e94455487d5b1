import Testing

@testable import Beneficiaries

@Suite("Comma-separated values")
struct CSVReaderTests {
  private func rows(_ pieces: [[UInt8]]) -> [CSVReader.Row] {
    var reader = CSVReader()
    var rows: [CSVReader.Row] = []
    for piece in pieces { piece.withUnsafeBytes { reader.push($0, into: &rows) } }
    reader.finish(into: &rows)
    return rows
  }

  private func rows(_ text: String) -> [CSVReader.Row] { rows([Array(text.utf8)]) }

  @Test("end with any kind of line end, or with the file", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) {
    for last in ["", end] {
      let rows = rows("a,b\(end)\(end)1,2\(last)")
      #expect(rows.map(\.fields) == [["a", "b"], ["1", "2"]])
      #expect(rows.map(\.line) == [1, 3])
    }
  }

  @Test("have fields with commas, quotation marks and line ends, and empty ones")
  func quoted() {
    let rows = rows("\"a,b\",\"\",\"c\"\"d\"\n,\"1\r\n2\",\nx,y,z\n")
    #expect(rows.map(\.fields) == [["a,b", "", "c\"d"], ["", "1\r\n2", ""], ["x", "y", "z"]])
    #expect(rows.map(\.line) == [1, 2, 4])
  }

  @Test("are the same however they are cut into pieces")
  func pieces() {
    let text = Array("id,\"na\"\"me\"\r\n1,\"é,\r\n\"\"\"\r\n\"2\"x,3\n4,5\r6,\"7\"".utf8)
    let whole = rows([text])
    #expect(whole.count == 5)
    for cut in 1..<text.count {
      let other = rows([Array(text[..<cut]), Array(text[cut...])])
      #expect(other.map(\.fields) == whole.map(\.fields) && other.map(\.line) == whole.map(\.line))
      #expect(other.map(\.fault) == whole.map(\.fault))
    }
    #expect(rows(text.map { [$0] }).map(\.fields) == whole.map(\.fields))
  }

  @Test("go on after a line that is at fault")
  func fault() {
    let rows = rows("a\"b,c\nd,e\n")
    #expect(rows.map { $0.fault != nil } == [true, false])
    #expect(rows.last?.fields == ["d", "e"])
  }

  @Test("end where a row is longer than any can be")
  func tooLong() {
    let rows = rows("a\n\"" + String(repeating: "x", count: 70_000) + "\n")
    #expect(rows.count == 2)
    #expect(rows.last?.fault == "a row is over 65536 bytes")
  }
}
