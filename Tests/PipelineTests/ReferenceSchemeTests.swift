import Cryptography
import Testing
import Wallet

@testable import Pipeline

@Suite("A reference")
struct ReferenceSchemeTests {
  private let stream: SHA256Stream
  init() throws { stream = try SHA256Stream() }

  private func reference(
    _ position: Int = 7, _ instruction: String = "I-7", attempt: Int = 1, processor: String = "treasury",
    partner: String = "registry", batch: String = "B-1"
  ) throws -> TransferReference {
    try ReferenceScheme(processor: processor, partner: partner, batchID: batch)
      .reference(position: position, instructionID: instruction, attempt: attempt, using: stream)
  }

  @Test(
    "has the version and variant bits of a v4 UUID wherever its line stands",
    arguments: [0, 1, 15, 16, 4_095, 65_535, 65_536, 1 << 20, (1 << 31) - 1])
  func bits(position: Int) throws {
    let digits = Array(try reference(position).uuidString)
    #expect(digits.count == 36)
    #expect(digits[14] == "4")
    #expect("89ab".contains(digits[19]))
  }

  @Test("follows the order of the positions")
  func order() throws {
    let positions = [0, 1, 2, 15, 16, 17, 255, 256, 4_095, 4_096, 65_535, 65_536, 65_537, 1 << 20, 1 << 28, 1 << 30]
    let references = try positions.map { try reference($0, "I-\($0)") }
    #expect(references == references.sorted())
    #expect(Set(references).count == positions.count)
  }

  @Test("is the same for the same attempt")
  func repeatable() throws { #expect(try reference() == reference()) }

  @Test("changes with the attempt, the partner, the batch, the processor and the instruction")
  func different() throws {
    let references = [
      try reference(), try reference(attempt: 2), try reference(partner: "registry2"), try reference(batch: "B-2"),
      try reference(processor: "treasury2"), try reference(7, "I-8"), try reference(8),
    ]
    #expect(Set(references).count == references.count)
  }

  @Test("does not depend on where one name ends and the next begins")
  func boundaries() throws {
    #expect(try reference(partner: "ab", batch: "c") != reference(partner: "a", batch: "bc"))
    #expect(try reference(processor: "ab", partner: "c") != reference(processor: "a", partner: "bc"))
  }

  @Test("is nobody else's among a million, in one batch and over many")
  func million() throws {
    var references: [TransferReference] = []
    references.reserveCapacity(1_000_000)
    for batch in 0..<500 {
      let scheme = try ReferenceScheme(processor: "treasury", partner: "registry", batchID: "B-\(batch)")
      let lines = batch == 0 ? 501_000 : 1_000
      for position in 0..<lines {
        references.append(
          try scheme.reference(position: position, instructionID: "I-\(position)", attempt: 1, using: stream))
      }
    }
    #expect(references.count == 1_000_000)
    #expect(Set(references).count == references.count)
  }
}
