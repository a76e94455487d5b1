import Synchronization
import Testing

@testable import Pipeline

@Suite("A lane")
struct LaneTests {
  private final class Occupancy: Sendable {
    private let counts = Mutex((now: 0, most: 0, all: 0))
    func enter() {
      counts.withLock {
        $0.now += 1
        $0.all += 1
        $0.most = max($0.most, $0.now)
      }
    }
    func leave() { counts.withLock { $0.now -= 1 } }
    var most: Int { counts.withLock { $0.most } }
    var all: Int { counts.withLock { $0.all } }
  }

  @Test("starts no portion while another waits for its wallet")
  func oneAtATime() async throws {
    let lane = Lane(number: 0)
    let occupancy = Occupancy()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          _ = await lane.run { _ in
            occupancy.enter()
            // Gives way, as one who waits for a wallet does: an actor alone would let the others in here.
            for _ in 0..<50 { await Task.yield() }
            occupancy.leave()
            return Result<Void, any Error>.success(())
          }
        }
      }
    }
    #expect(occupancy.most == 1)
    #expect(occupancy.all == 100)
  }

  @Test("goes on after a portion that failed")
  func failure() async throws {
    struct Broken: Error {}
    let lane = Lane(number: 0)
    let first = await lane.run { _ in Result<Int, any Error>.failure(Broken()) }
    #expect(throws: Broken.self) { try first.get() }
    #expect(try await lane.run { _ in Result<Int, any Error>.success(1) }.get() == 1)
  }
}
