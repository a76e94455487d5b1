import Journal
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

  private final class Order: Sendable {
    private let numbers = Mutex<[Int64]>([])
    func append(_ number: Int64) { numbers.withLock { $0.append(number) } }
    var all: [Int64] { numbers.withLock { $0 } }
  }

  @Test("starts no portion while another waits for its wallet")
  func oneAtATime() async throws {
    let lane = Lane(number: 0)
    let occupancy = Occupancy()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 {
        group.addTask {
          _ = await lane.run(of: BatchNumber(rawValue: 1)) { _ in
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
    let first = await lane.run(of: BatchNumber(rawValue: 1)) { _ in Result<Int, any Error>.failure(Broken()) }
    #expect(throws: Broken.self) { try first.get() }
    #expect(try await lane.run(of: BatchNumber(rawValue: 1)) { _ in Result<Int, any Error>.success(1) }.get() == 1)
  }

  @Test("lets batches take turns, whatever one of them has in line")
  func turns() async throws {
    let lane = Lane(number: 0)
    let order = Order()
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = await lane.run(of: BatchNumber(rawValue: 0)) { _ in
          for await _ in gate { break }
          return Result<Void, any Error>.success(())
        }
      }
      while await !lane.isOccupied { await Task.yield() }
      for batch: Int64 in [1, 1, 1, 2, 3] {
        let before = await lane.waitingCount
        group.addTask {
          _ = await lane.run(of: BatchNumber(rawValue: batch)) { _ in
            order.append(batch)
            return Result<Void, any Error>.success(())
          }
        }
        while await lane.waitingCount == before { await Task.yield() }
      }
      open.finish()
    }
    #expect(order.all == [1, 2, 3, 1, 1])
  }
}

extension Lane {
  fileprivate var isOccupied: Bool { isBusy }
  fileprivate var waitingCount: Int { waiting.values.reduce(0) { $0 + $1.count } }
}
