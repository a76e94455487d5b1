import CLinux
import Dispatch
import Glibc
import Synchronization

/// Runs an operator's program with a message on its standard input: no shell, no arguments, nothing of our environment,
/// none of our descriptors, a process group of its own, and an end by force when it takes too long.
struct NoticeProcess: Sendable {
  private static let environment = [
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
  ]
  private static let queue = DispatchQueue(label: "disburse.notices", attributes: .concurrent)

  let path: String
  let timeLimit: Duration

  /// Runs it to its end, with `input`, which is small enough for a pipe.
  func run(input: [UInt8]) async throws(NoticeError) {
    let running = Running()
    let result = await withTaskCancellationHandler {
      await Self.onThread { () -> Result<Void, NoticeError> in
        Result { () throws(NoticeError) in try runAndWait(input, running) }
      }
    } onCancel: {
      running.kill()
    }
    try result.get()
  }

  /// Runs what blocks on a thread that may be blocked.
  static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in queue.async { continuation.resume(returning: body()) } }
  }

  private func runAndWait(_ input: [UInt8], _ running: Running) throws(NoticeError) {
    let process = try spawn(input)
    running.started(process)
    let timer = DispatchSource.makeTimerSource(queue: Self.queue)
    timer.schedule(deadline: .now() + .milliseconds(timeLimit.wholeMilliseconds))
    timer.setEventHandler { running.kill(isLate: true) }
    timer.resume()
    defer { timer.cancel() }
    // The end is awaited without taking the status, so that the number can't be another process's when it is killed.
    var end = siginfo_t()
    while waitid(P_PID, id_t(process), &end, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    let isLate = running.ended()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    if isLate { throw .timeLimit(path: path) }
    guard status & 0x7F == 0 else { throw .signal(path: path, status & 0x7F) }
    guard status >> 8 & 0xFF == 0 else { throw .status(path: path, status >> 8 & 0xFF) }
  }

  private func spawn(_ input: [UInt8]) throws(NoticeError) -> pid_t {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw notStarted(errno) }
    defer { close(ends[0]) }
    // Any other child that starts right now must not keep them open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // All of it before the program runs: a message is far smaller than a pipe, and nobody waits for a slow reader.
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let written = write(ends[1], input, input.count)
    let writeError = errno
    close(ends[1])
    guard written == input.count else { throw notStarted(written < 0 ? writeError : EMSGSIZE) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
    posix_spawn_file_actions_addchdir_np(&actions, "/")

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

    var process: pid_t = 0
    let code = Self.withStrings([path]) { arguments in
      Self.withStrings(Self.environment) { environment in
        posix_spawn(&process, path, &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else { throw notStarted(code) }
    return process
  }

  private func notStarted(_ code: Int32) -> NoticeError {
    .notStarted(path: path, reason: String(cString: strerror(code)))
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}

/// The process while its number is certainly its own.
private final class Running: Sendable {
  private struct State {
    var process: pid_t?
    var isCancelled = false
    var isLate = false
  }

  private let state = Mutex(State())

  func started(_ process: pid_t) {
    state.withLock { state in
      state.process = process
      if state.isCancelled { _ = Glibc.kill(-process, SIGKILL) }
    }
  }

  /// Ends it and what it has started.
  func kill(isLate: Bool = false) {
    state.withLock { state in
      state.isCancelled = true
      guard let process = state.process else { return }
      state.isLate = isLate
      _ = Glibc.kill(-process, SIGKILL)
    }
  }

  /// It has ended by itself or by force; answers whether it was late.
  func ended() -> Bool {
    state.withLock { state in
      state.process = nil
      return state.isLate
    }
  }
}
