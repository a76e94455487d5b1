import Batch
import Pipeline
import Storage

extension Spool {
  /// A file that was taken before this process began.
  struct Found: Hashable, Sendable {
    let item: WorkItem
    /// What was known of it; `nil` when that is nothing, or can't be read now.
    let note: WorkNote?
  }

  /// What a crash left in `work/`, in the order in which it was taken, after removing what nobody has a use for.
  func recover() throws -> [Found] {
    var found: [(found: Found, changed: Int64)] = []
    var notes: Set<String> = []
    var items: [WorkItem] = []
    for name in try SpoolDirectory.textNames(in: directory.work) {
      let path = "\(directory.work)/\(name)"
      if let item = WorkItem(fileName: name) {
        items.append(item)
      } else if name.hasSuffix(".note") {
        notes.insert(name)
      } else if name.hasPrefix("."), name.contains(".tmp-") {
        // A note that was being written; what it replaces, or nothing, holds.
        try DurableFile.remove(path)
      }
    }
    for item in items {
      notes.remove(item.noteName)
      // Links are judged when a file is taken: its partner can make one afterwards too, and may not stop anything by that.
      guard let changed = FileEntry(at: path(of: item)).regular?.changed else { continue }
      // One that can't be read is read again, and its error told, when the item's turn comes.
      found.append((Found(item: item, note: try? note(of: item)), changed.millisecondsSinceEpoch))
    }
    // What is left over is of files that are at their last place.
    for name in notes { try DurableFile.remove("\(directory.work)/\(name)") }
    try sweep(items)
    return found.sorted { ($0.changed, $0.found.item.token) < ($1.changed, $1.found.item.token) }.map(\.found)
  }

  /// Removes what was begun for files and never got a name.
  private func sweep(_ items: [WorkItem]) throws {
    for partner in try SpoolDirectory.textNames(in: directory.outbox) {
      try outbox.sweepRefusals(of: partner, except: Set(items.filter { $0.partner == partner }.map(\.token)))
    }
    for partner in try SpoolDirectory.textNames(in: "\(directory.path)/rejected") {
      let rejected = directory.rejected(of: partner)
      for name in try SpoolDirectory.textNames(in: rejected)
      where name.hasPrefix(".") && name.contains(".rejected.json.tmp-") {
        try DurableFile.remove("\(rejected)/\(name)")
      }
    }
  }
}
