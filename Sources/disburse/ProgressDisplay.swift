import Glibc
import Pipeline
import Synchronization

/// Shows how far the work is: a bar on a terminal, a line every ten seconds elsewhere.
final class ProgressDisplay: Sendable {
  private struct State {
    var lastShown: ContinuousClock.Instant?
    var isLineOpen = false
  }

  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let state = Mutex(State())
  private let name: String

  init(of file: String) { name = file.split(separator: "/").last.map(String.init) ?? file }

  /// Takes note of progress, and shows it when it is time.
  func show(_ progress: Progress) {
    state.withLock { state in
      let now = ContinuousClock.now
      let interval: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
      // Elsewhere than on a terminal, work that is done within the interval leaves no line.
      guard let last = state.lastShown else {
        state.lastShown = isTerminal ? now - interval : now
        return
      }
      guard now - last >= interval else { return }
      state.lastShown = now
      if isTerminal {
        Output.write(Array("\r\u{1B}[K\(Terminal.escaped(text(of: progress)))".utf8), to: STDERR_FILENO)
        state.isLineOpen = true
      } else {
        Output.complain(text(of: progress))
      }
    }
  }

  /// Clears the bar.
  func finish() {
    state.withLock { state in
      if state.isLineOpen { Output.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
      state.isLineOpen = false
    }
  }

  private func text(of progress: Progress) -> String {
    switch progress {
    case .opening: "\(name): opening"
    case .admitting(let count): "\(name): checked \(count) instructions"
    case .dispatching(let done, let total): "\(name): \(bar(done, total)) \(done) of \(total) answered"
    case .waiting(let pending): "\(name): waiting for \(pending) final answers"
    case .publishing(let done, let total): "\(name): \(bar(done, total)) \(done) of \(total) lines sealed"
    }
  }

  private func bar(_ done: Int, _ total: Int) -> String {
    let width = 30
    let filled = total > 0 ? min(width, done * width / total) : width
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
  }
}
