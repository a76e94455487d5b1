import Testing

/// What the compiler does not guard.
@Suite("tidiness")
struct TidyTests {
  /// From the ground up, as `Docs/architecture.md` lists the rooms.
  private static let rooms = [
    "COpenSSL", "CZlib", "CMalloc", "CLinux", "Cryptography", "Envelope", "Batch", "Storage", "Partners", "Wallet",
    "Beneficiaries",
    "LedgerWallet", "Vouchers", "Journal", "Pipeline", "Station", "disburse",
  ]
  /// Stand beside each other: neither imports the other.
  private static let walls: [(String, String)] = [
    ("Envelope", "Batch"), ("Cryptography", "Storage"), ("Journal", "Envelope"), ("Journal", "Beneficiaries"),
    ("Beneficiaries", "Partners"),
    ("Vouchers", "LedgerWallet"), ("Pipeline", "LedgerWallet"), ("Journal", "Vouchers"), ("Partners", "Wallet"),
    ("disburse", "LedgerWallet"), ("disburse", "Vouchers"), ("disburse", "Storage"), ("disburse", "Envelope"),
  ]

  @Test("the sources are there to be looked at")
  func found() {
    #expect(SourceFile.sources.count > 50)
    #expect(Set(SourceFile.sources.map(\.room)).subtracting(Self.rooms).isEmpty)
  }

  @Test("no path that data may reach traps")
  func traps() {
    #expect(
      places(in: SourceFile.sources) { _, line in
        line.contains("try!") || line.contains("as!") || line.contains("fatalError(")
      }.isEmpty)
  }

  @Test("no binary floating point")
  func floatingPoint() {
    let types: Set<Substring> = [
      "Double", "Float", "Float16", "Float32", "Float64", "Float80", "CGFloat", "TimeInterval",
    ]
    let found = places(in: SourceFile.sources) { _, line in
      line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { types.contains($0) }
    }
    #expect(found.isEmpty)
  }

  @Test("only the system clock reads the time of day")
  func clock() {
    let found = places(in: SourceFile.sources) { file, line in
      !file.path.hasSuffix("Batch/SystemClock.swift")
        && (line.contains("Date()") || line.contains("gettimeofday") || line.contains("clock_gettime"))
    }
    #expect(found.isEmpty)
  }

  @Test("only the command line prints")
  func printing() {
    let found = places(in: SourceFile.sources) { file, line in
      file.room != "disburse" && (line.contains(" print(") || line.contains("debugPrint(") || line.contains("dump("))
    }
    #expect(found.isEmpty)
  }

  @Test("a room imports only rooms below it, and none beside it")
  func imports() {
    let found = places(in: SourceFile.sources) { file, line in
      guard let imported = Self.importedModule(line), let its = Self.rooms.firstIndex(of: imported),
        let own = Self.rooms.firstIndex(of: file.room)
      else { return false }
      return its >= own || Self.walls.contains { ($0.0 == file.room && $0.1 == imported) }
    }
    #expect(found.isEmpty)
  }

  @Test("only the rooms that speak to libcrypto import it")
  func openSSL() {
    let found = places(in: SourceFile.sources) { file, line in
      Self.importedModule(line) == "COpenSSL" && !["Cryptography", "Envelope"].contains(file.room)
    }
    #expect(found.isEmpty)
  }

  @Test("a claim of thread safety that the compiler can't check says why")
  func uncheckedClaims() {
    let found = SourceFile.sources.flatMap { file in
      file.lines.indices.filter { index in
        let line = file.lines[index]
        guard line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") else { return false }
        return !file.lines[max(0, index - 3)..<index].contains { $0.contains("//") }
      }.map { "\(file.path):\($0 + 1)" }
    }
    #expect(found.isEmpty)
  }

  @Test("a file is one idea: at most 500 lines")
  func length() {
    #expect((SourceFile.sources + SourceFile.tests).filter { $0.lines.count > 500 }.map(\.path).isEmpty)
  }

  @Test("no test sleeps")
  func sleeping() {
    let found = places(in: SourceFile.tests) { file, line in
      file.room != "TidyTests"
        && (line.contains("Task.sleep") || line.contains("usleep(") || line.contains("Thread.sleep"))
    }
    #expect(found.isEmpty)
  }

  private static func importedModule(_ line: String) -> String? {
    let words = line.split(separator: " ")
    guard let place = words.firstIndex(of: "import"), place <= 1, let name = words[(place + 1)...].first else {
      return nil
    }
    return String(name)
  }
}
