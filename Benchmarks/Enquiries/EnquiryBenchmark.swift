import Batch
import Glibc
import Journal
import Storage

/// Makes a large journal and times enquiries over it: see `Benchmarks/enquiries.sh`.
@main
struct EnquiryBenchmark {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, let total = Int(arguments[2]) else {
      throw BenchmarkError("usage: EnquiryBenchmark JOURNAL INSTRUCTIONS [--plans]")
    }
    let clock = ContinuousClock()
    let path = arguments[1]
    let isNew = access(path, F_OK) != 0
    let journal = try SQLiteJournal(path: path)
    if isNew {
      var large = try LargeJournal(journal)
      let time = try await clock.measure {
        try await large.fill(total)
      }
      print("filled    \(total) instructions in \(time.seconds)")
    }
    var steps = 0
    var longest = Duration.zero
    let time = try await clock.measure {
      while true {
        var count = 0
        let step = try await clock.measure { count = try await journal.indexForEnquiries(atMost: 131_072) }
        if count == 0 { break }
        steps += 1
        longest = max(longest, step)
      }
    }
    print("indexed   in \(time.seconds), \(steps) steps, the longest \(longest.milliseconds)")
    try journal.close()

    print("\nenquiry                                                      cold      warm  lines")
    for enquiry in Enquiry.all {
      forget(path)
      let journal = try SQLiteJournal(path: path)
      var count = 0
      let cold = try await clock.measure { count = try await enquiry.run(journal) }
      var warm: [Duration] = []
      for _ in 0..<5 { warm.append(try await clock.measure { _ = try await enquiry.run(journal) }) }
      warm.sort()
      print(
        enquiry.name.padded(to: 56), cold.milliseconds.padded(from: 8), warm[2].milliseconds.padded(from: 9),
        "\(count)".padded(from: 6))
      if arguments.contains("--plans"), let query = enquiry.query {
        for (step, statement) in try await journal.plan(of: query) {
          print("    \(step)    of  \(statement.split { $0.isWhitespace }.joined(separator: " ").prefix(150))")
        }
      }
      try journal.close()
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print("\npeak      \(usage.ru_maxrss / 1_024) MB")
  }

  /// Lets the system forget what it has of the file in memory.
  private static func forget(_ path: String) {
    for file in [path, path + "-wal"] {
      let descriptor = open(file, O_RDONLY)
      guard descriptor >= 0 else { continue }
      fsync(descriptor)
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
      close(descriptor)
    }
  }
}

extension Duration {
  var milliseconds: String {
    let tenths = components.seconds * 10_000 + components.attoseconds / 100_000_000_000_000
    return "\(tenths / 10).\(tenths % 10) ms"
  }
  var seconds: String {
    let tenths = components.seconds * 10 + components.attoseconds / 100_000_000_000_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  func padded(from width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
