import Batch
import Testing

@Suite("JSON values")
struct JSONValueTests {
  private func parse(_ bytes: [UInt8]) -> Result<JSONValue, JSONSyntaxError> {
    Result { () throws(JSONSyntaxError) in try JSONValue(parsing: bytes) }
  }

  private func isValid(_ text: String) -> Bool { (try? parse(Array(text.utf8)).get()) != nil }

  @Test(
    "what RFC 8259 allows is read",
    arguments: [
      "null", "true", "false", "0", "-0", "-1.5E-10", "1e5", "0.0e+0", "\"\"", "\"\u{7f}\"", "[]", "{}", " [ ] ",
      "\t{\r\n\"a\" : [ 1 , 2 ] }\n", #""\u0000\u00e9\ud83d\ude00\uFFFF""#, #""\"\\\/\b\f\n\r\t""#, #"{"":""}"#,
      #"{"a":1,"A":1}"#, #"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"#,
      "123456789012345678901234567890",
      "\"𝄞\u{10FFFF}\"",
    ])
  func valid(text: String) {
    #expect(isValid(text))
  }

  @Test(
    "what RFC 8259 does not allow is refused",
    arguments: [
      "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-Infinity", "01", "-01", "-", "+1", "1.", ".1", "1e", "1e+",
      "1.e1", "0x1", "1_000", "--1", "1 2", "\"", "\"a", "'a'", "\"\t\"", "\"\n\"", "\"\u{0}\"", "\"\u{1f}\"", #""\""#,
      #""\a""#, #""\u""#, #""\u12""#, #""\u12g4""#, #""\U0041""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#,
      #""\ud800\ud800""#, #""\ud800x""#, #""\udc00\ud800""#, "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]",
      "[1:2]",
      "[1}", "{", "}", "{1:2}", "{a:1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1 "b":2}"#,
      #"{"a":1:2}"#, #"{"a":1]"#, "[]]", "{}x", "// c\n1", "/**/1", "[1,/**/2]", "\u{FEFF}1", "\u{A0}1", "1\u{2028}",
      "\u{c}1", "\u{0}", "1\u{0}", #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":1}"#, "[\"a\",\n", "tru\u{0}",
    ])
  func invalid(text: String) {
    #expect(!isValid(text))
  }

  @Test(
    "bytes that are no UTF-8 are refused in a string",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xE2, 0x82],
      [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
      [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE],
      [0xFF],
    ] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    for padding in 0..<9 {
      let text = [0x22] + Array(repeating: UInt8(ascii: "a"), count: padding) + bytes + [0x22]
      #expect((try? parse(text).get()) == nil)
    }
  }

  @Test("the edges of UTF-8 are read, wherever they stand in a word of eight bytes")
  func validUTF8() throws {
    for scalar in ["\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"] {
      for padding in 0..<9 {
        let text = String(repeating: "a", count: padding) + scalar + "z"
        #expect(try parse(Array("\"\(text)\"".utf8)).get() == .string(text))
      }
    }
  }

  @Test(
    "a surrogate pair is the one scalar it stands for",
    arguments: [
      (#""\ud800\udc00""#, "\u{10000}"), (#""\ud83d\ude00""#, "😀"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
      (#""\ud800\udfff""#, "\u{103FF}"), (#""\udbff\udc00""#, "\u{10FC00}"),
      (#""a\uD7FF\uE000z""#, "a\u{D7FF}\u{E000}z"),
    ])
  func surrogatePairs(text: String, scalar: String) throws {
    #expect(try parse(Array(text.utf8)).get() == .string(scalar))
  }

  @Test("a control character is found wherever it stands in a word of eight bytes")
  func controlCharacters() {
    for control in UInt8(0)..<0x20 {
      for padding in 0..<9 {
        let text = [0x22] + Array(repeating: UInt8(ascii: "a"), count: padding) + [control] + Array("bcdefghij\"".utf8)
        #expect((try? parse(text).get()) == nil)
      }
    }
  }

  @Test("nesting is bounded")
  func depth() {
    let deep = Array(repeating: UInt8(ascii: "["), count: 100_000)
    #expect((try? parse(deep).get()) == nil)
    #expect((try? JSONValue(parsing: Array("[[1]]".utf8), maximumDepth: 1)) == nil)
    #expect((try? JSONValue(parsing: Array("[[1]]".utf8), maximumDepth: 2)) != nil)
  }

  @Test("numbers keep their digits")
  func numbers() throws {
    #expect(try parse(Array("[1.50,1e3]".utf8)).get() == .array([.number("1.50"), .number("1e3")]))
  }

  @Test("an error tells where it is")
  func errorOffset() {
    guard case .failure(let error) = parse(Array(#"{"a": !}"#.utf8)) else {
      Issue.record("it was read")
      return
    }
    #expect(error.byteOffset == 6)
    #expect(error.message == "'!' stands where a value is expected")
  }

  @Test("every scalar of Unicode's first planes is written so that it is read back")
  func escaping() throws {
    var text = ""
    for code in UInt32(0)..<0x3000 {
      if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
    }
    #expect(try parse(JSONValue.string(text).serialized()).get() == .string(text))
  }

  @Test("quotation marks, backslashes and control characters are escaped")
  func escapes() {
    let bytes = JSONValue.string("a\"b\\c\n\r\t\u{1}\u{1f}é").serialized()
    #expect(String(decoding: bytes, as: UTF8.self) == #""a\"b\\c\n\r\t\u0001\u001fé""#)
  }

  @Test("values are written without white space, or pretty")
  func writing() {
    let value = JSONValue.object([
      ("a", 1), ("b", .array([true, .null, "x", .number("1.50")])), ("c", .object([])), ("d", .array([])),
    ])
    #expect(
      String(decoding: value.serialized(), as: UTF8.self) == #"{"a":1,"b":[true,null,"x",1.50],"c":{},"d":[]}"#)
    #expect(
      String(decoding: value.serialized(pretty: true), as: UTF8.self) == """
        {
          "a": 1,
          "b": [
            true,
            null,
            "x",
            1.50
          ],
          "c": {},
          "d": []
        }
        """)
  }

  @Test("members without a value are left out")
  func compacting() {
    #expect(JSONValue.object(compacting: [("a", nil), ("b", "x"), ("c", .optional(nil))]) == .object([("b", "x")]))
  }
}
