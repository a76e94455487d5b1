import Batch
import Journal
import Pipeline
import Storage

/// The taken files that wait for their batches' answers, and what to do with each when its batch has one.
struct WaitingRoom: Sendable {
  private struct Key: Hashable {
    let partner: String
    let batchID: String
  }

  private var files: [Key: [WaitingFile]] = [:]

  /// How many files wait.
  var count: Int { files.values.reduce(0) { $0 + $1.count } }

  /// Lets a file wait.
  mutating func add(_ file: WaitingFile) {
    files[Key(partner: file.item.partner, batchID: file.batchID), default: []].append(file)
  }

  /// Takes out the files that `batch` has answered.
  mutating func takeAnswered(by batch: BatchRecord) -> [WaitingFile] {
    let key = Key(partner: batch.partner, batchID: batch.header.batchID)
    guard let waiting = files[key] else { return [] }
    let left = waiting.filter { !$0.isAnswered(by: batch) }
    files[key] = left.isEmpty ? nil : left
    return waiting.filter { $0.isAnswered(by: batch) }
  }

  /// Takes out the files of a batch, whatever became of it.
  mutating func takeAll(of partner: String, _ batchID: String) -> [WaitingFile] {
    files.removeValue(forKey: Key(partner: partner, batchID: batchID)) ?? []
  }

  /// The batches that files wait for and that are not among `batches`.
  func batches(besides batches: [BatchRecord]) -> [(partner: String, batchID: String)] {
    let known = Set(batches.map { Key(partner: $0.partner, batchID: $0.header.batchID) })
    return files.keys.filter { !known.contains($0) }.map { ($0.partner, $0.batchID) }
  }
}
