import Dispatch
import Glibc
import Synchronization

/// Says that something has happened in an inbox, where inotify(7) works. It loses events and knows nothing of network
/// file systems: it only makes the next scan come sooner.
final class InboxNotifier: Sendable {
  private struct State {
    let source: any DispatchSourceRead
    var watched: Set<String> = []
  }

  private let descriptor: Int32
  private let state: Mutex<State>

  // A file is finished when its writer closes it, or renames it to its name.
  private static let events = UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_CREATE) | UInt32(IN_ONLYDIR)

  /// Calls `wake` after each event; `nil` where the system has no room for another watcher.
  init?(wake: @escaping @Sendable () -> Void) {
    let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    let source = DispatchSource.makeReadSource(
      fileDescriptor: descriptor, queue: DispatchQueue(label: "disburse.inbox"))
    source.setEventHandler {
      Self.drain(descriptor)
      wake()
    }
    source.setCancelHandler { close(descriptor) }
    source.activate()
    state = Mutex(State(source: source))
  }

  deinit { state.withLock { $0.source.cancel() } }

  /// Watches the directories, as far as that works; one that is watched already stays so.
  func watch(_ directories: [String]) {
    state.withLock { state in
      for directory in directories where !state.watched.contains(directory) {
        if inotify_add_watch(descriptor, directory, Self.events) >= 0 { state.watched.insert(directory) }
      }
    }
  }

  /// What the events say is of no interest: the scan looks itself.
  private static func drain(_ descriptor: Int32) {
    withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: 8) { buffer in
      while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
    }
  }
}
