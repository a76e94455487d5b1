import Foundation
import Storage
import TestKit
import Testing

/// Kills a scenario's program somewhere, lets it go on, and compares with a run that nobody killed.
struct Campaign: Sendable {
  let scenario: Scenario

  /// How the scenario ends when nothing happens to it; run once for all tests.
  private static let undisturbed: [Scenario: Task<Standing, any Error>] = Dictionary(
    uniqueKeysWithValues: Scenario.allCases.map { scenario in
      let task = Task {
        let home = try CrashHome(scenario)
        let execution = try home.process()
        guard execution.status == scenario.status else { throw Unexpected(what: "\(execution)") }
        return try await Standing.of(home)
      }
      return (scenario, task)
    })

  init(_ scenario: Scenario) { self.scenario = scenario }

  func undisturbed() async throws -> Standing {
    try await #require(Self.undisturbed[scenario]).value
  }

  /// Dies at the point's first visit, its second and so on, each time in a home of its own.
  ///
  /// - Returns: at how many visits it died.
  func die(at point: CrashPoint, visits: Int) async throws -> Int {
    for visit in 1...visits {
      let home = try CrashHome(scenario)
      let first = try home.process(crashAt: "\(point.rawValue):\(visit)")
      guard first.status == CrashHome.killed else {
        #expect(first.status == scenario.status, "\(first)")
        return visit - 1
      }
      try await expectWhole(home, after: "\(point.rawValue):\(visit)")
    }
    return visits
  }

  /// Goes on in `home` and expects that nothing tells its end from an undisturbed one's.
  func expectWhole(_ home: CrashHome, after place: String) async throws {
    let last = try home.goOn()
    // What was answered before the kill is told again with 0.
    let isRepeated = try last.json["batches"][0]["repeated"].text == "1"
    #expect(last.status == (isRepeated ? 0 : scenario.status), "after \(place): \(last)")
    let standing = try await Standing.of(home)
    let expected = try await undisturbed()
    #expect(standing.batch == expected.batch, "after \(place)")
    #expect(standing.journal == expected.journal, "after \(place)")
    #expect(standing.result == expected.result, "after \(place)")
    #expect(standing.summary == expected.summary, "after \(place)")
    #expect(standing.balances == expected.balances, "after \(place)")
    #expect(standing.movementCount == expected.movementCount, "after \(place)")
    #expect(standing.discrepancies == [], "after \(place)")
    #expect(standing.liveVouchers == expected.liveVouchers, "after \(place)")
    #expect(standing.float == standing.liveVouchers, "after \(place)")
    #expect(standing.outbox == expected.outbox, "after \(place)")
    #expect(try copyIsResult(home), "after \(place)")
    #expect(try Secrets.inClear(home) == [], "after \(place)")
  }

  private func copyIsResult(_ home: CrashHome) throws -> Bool {
    try TemporaryDirectory.bytes(of: home.copy) == TemporaryDirectory.bytes(of: "\(home.outbox)/batch.result.p7m")
  }
}

/// What must not be found in clear.
enum Secrets {
  /// Where something secret stands in clear below the home: voucher numbers anywhere, content in the outbox, private
  /// keys outside `keys`.
  static func inClear(_ home: CrashHome) throws -> [String] {
    let numbers = Set(try home.openedResult()["results"].elements.compactMap { $0["voucherNumber"].text })
    var found: [String] = []
    for file in try TemporaryDirectory.files(under: home.path) {
      let bytes = try TemporaryDirectory.bytes(of: file)
      if !numbers.isEmpty, !numbers.isDisjoint(with: sixteenDigits(in: bytes)) { found.append("a number in \(file)") }
      let data = Data(bytes)
      if file.hasPrefix(home.outbox), data.range(of: Data("instructionID".utf8)) != nil {
        found.append("content in \(file)")
      }
      if !file.hasPrefix("\(home.path)/keys/"), data.range(of: Data("PRIVATE KEY".utf8)) != nil {
        found.append("a key in \(file)")
      }
    }
    return found
  }

  /// Every run of sixteen digits, inside a longer one too.
  static func sixteenDigits(in bytes: [UInt8]) -> Set<String> {
    var found: Set<String> = []
    var start = 0
    bytes.withUnsafeBufferPointer { bytes in
      for index in 0...bytes.count {
        if index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { continue }
        var first = start
        while first + 16 <= index {
          found.insert(String(decoding: bytes[first..<first + 16], as: UTF8.self))
          first += 1
        }
        start = index + 1
      }
    }
    return found
  }
}
