import Foundation
import TestKit
import Testing

@Suite("A night of 500 files from five partners, with a kill in their midst", .timeLimit(.minutes(10)))
struct NightTests {
  @Test("there are 500 of them, and each kind of error of a file") func files() async throws {
    let night = try await Night.shared
    #expect(night.files.values.reduce(0) { $0 + $1.count } == 500)
    let codes = night.files.values.flatMap { $0 }.compactMap { file -> String? in
      if case .rejected(let code, _) = file.end { code } else { nil }
    }
    #expect(
      Set(codes) == [
        "not-sealed", "unsupported-encoding", "truncated", "not-for-us", "cannot-decrypt", "not-signed",
        "unknown-signer", "signer-expired", "not-enough-signatures", "sender-mismatch", "recipient-mismatch",
        "malformed-json", "schema", "duplicate-instruction", "control-mismatch", "program-not-allowed",
        "currency-not-allowed", "batch-limit-exceeded", "insufficient-funds", "expired",
      ])
  }

  @Test("the kill came in their midst") func kill() async throws {
    #expect((125..<500).contains(try await Night.shared.endedBeforeTheKill))
  }

  @Test("the daemon that went on stops in peace") func stop() async throws {
    let run = try await Night.shared.lastRun
    #expect(run.status == 0, "\(run.stderr.suffix(2_000))")
  }

  @Test("each file is in one place, the right one") func places() async throws {
    let night = try await Night.shared
    for partner in night.partners {
      for file in night.files[partner.name] ?? [] {
        let place = night.places(of: file, partner)
        switch file.end {
        case .completed, .repeated: #expect(place == ["archive"], "\(partner.name) \(file.name)")
        case .rejected: #expect(place == ["rejected"], "\(partner.name) \(file.name)")
        case .contested: #expect(place == ["archive"] || place == ["rejected"], "\(partner.name) \(file.name)")
        }
      }
    }
  }

  @Test("each good file is answered once, line by line") func answers() async throws {
    let night = try await Night.shared
    for partner in night.partners {
      for file in night.files[partner.name] ?? [] {
        guard case .completed(let paid, let sum, let failed) = file.end else { continue }
        let result = try night.result(of: file.name, partner)
        #expect(result["status"].text == "COMPLETED", "\(partner.name) \(file.name)")
        #expect(result["summary"]["succeeded"].text == "\(paid)", "\(partner.name) \(file.name)")
        #expect(result["summary"]["failed"].text == "\(failed)", "\(partner.name) \(file.name)")
        #expect(result["summary"]["amounts"]["RWF"]["succeeded"].text == "\(sum)", "\(partner.name) \(file.name)")
      }
    }
  }

  @Test("each bad file has its code beside it, and a sealed answer where its signer is known")
  func rejections() async throws {
    let night = try await Night.shared
    for partner in night.partners {
      for file in night.files[partner.name] ?? [] {
        guard case .rejected(let code, let isAnswered) = file.end else { continue }
        let note = try night.spool.report("\(file.name).rejected.json", of: partner.name)
        #expect(note["code"].text == code, "\(partner.name) \(file.name)")
        let answer = "\(file.name).result.p7m"
        #expect(night.results(of: partner).contains(answer) == isAnswered, "\(partner.name) \(file.name)")
        guard isAnswered else { continue }
        let result = try night.result(of: file.name, partner)
        #expect(result["status"].text == "REJECTED", "\(partner.name) \(file.name)")
        #expect(result["errors"][0]["code"].text == code, "\(partner.name) \(file.name)")
      }
    }
  }

  @Test("of the same content twice, one is answered") func repetitions() async throws {
    let night = try await Night.shared
    for partner in night.partners {
      for group in Set(night.groups(of: partner) { if case .repeated(let group) = $0 { group } else { nil } }) {
        let answered = ["\(group)", "\(group)-copy"].filter {
          night.results(of: partner).contains("\($0).result.p7m")
        }
        #expect(answered.count == 1, "\(partner.name) \(group)")
      }
    }
  }

  @Test("of two contents under one ID, one is paid and the other rejected") func contested() async throws {
    let night = try await Night.shared
    for partner in night.partners {
      for group in Set(night.groups(of: partner) { if case .contested(let group) = $0 { group } else { nil } }) {
        let statuses = try ["\(group)-a", "\(group)-b"].map { try night.result(of: $0, partner)["status"].text ?? "" }
        #expect(statuses.sorted() == ["COMPLETED", "REJECTED"], "\(partner.name) \(group)")
      }
    }
  }

  @Test("no partner has an answer too many") func surplus() async throws {
    let night = try await Night.shared
    for partner in night.partners {
      let expected = (night.files[partner.name] ?? []).reduce(into: 0) { count, file in
        switch file.end {
        case .completed, .contested: count += 2
        case .rejected(_, let isAnswered): count += isAnswered ? 2 : 0
        // Two names, one answer.
        case .repeated: count += 1
        }
      }
      #expect(night.results(of: partner).count * 2 == expected, "\(partner.name)")
    }
  }

  @Test("what the lines say was paid is what each partner's account is short of") func books() async throws {
    let night = try await Night.shared
    for partner in night.partners {
      var paid = 0
      for name in night.results(of: partner) {
        let result = try night.result(of: String(name.dropLast(".result.p7m".count)), partner)
        for line in result["results"].elements where line["status"].text == "SUCCESSFUL" {
          paid += Int(line["amount"].text ?? "") ?? 0
        }
      }
      let report = try night.spool.home.report(["wallet", "balance", partner.name, "RWF"])
      let left = try report.json["balances"][0]["amount"].text.flatMap { Int($0) }
      #expect(left == partner.funded - paid, "\(partner.name)")
    }
  }

  @Test("the audit trail is whole") func trail() async throws {
    let result = try await Night.shared.spool.home.report(["audit", "verify"])
    #expect(result.status == 0, "\(result)")
  }

  @Test("the doctor finds no problem in the home") func doctor() async throws {
    let report = try await Night.shared.spool.home.report(["doctor"])
    let problems = try report.json["checks"].elements.flatMap { check in
      check["findings"].elements.filter { $0["severity"].text == "problem" }.map(\.description)
    }
    #expect(problems.isEmpty)
  }
}

extension Night {
  fileprivate func groups(of partner: NightPartner, _ group: (NightFile.End) -> String?) -> [String] {
    (files[partner.name] ?? []).compactMap { group($0.end) }
  }
}
