import Testing

@testable import Station

@Suite("A fair queue")
struct FairQueueTests {
  private func drain(_ queue: inout FairQueue<String>) -> [String] {
    var begun: [String] = []
    while let next = queue.next() { begun.append(next) }
    return begun
  }

  @Test("gives its places to partners in turn, and to the oldest of each")
  func turns() {
    var queue = FairQueue<String>(places: 4, onePerPartner: false)
    for id in ["a1", "a2", "a3", "b1", "c1", "b2"] { queue.insert(id, of: String(id.prefix(1)), isLarge: false) }
    #expect(drain(&queue) == ["a1", "b1", "c1", "a2"])
    queue.ended("a1")
    #expect(drain(&queue) == ["b2"])
  }

  @Test("gives a partner one place where it may have only one")
  func onePerPartner() {
    var queue = FairQueue<String>(places: 4, onePerPartner: true)
    for id in ["a1", "a2", "b1"] { queue.insert(id, of: String(id.prefix(1)), isLarge: false) }
    #expect(drain(&queue) == ["a1", "b1"])
    queue.ended("a1")
    #expect(drain(&queue) == ["a2"])
  }

  @Test("lets what is large have half of its places, and one where there is one")
  func largeHalf() {
    var queue = FairQueue<String>(places: 4, onePerPartner: false)
    for id in ["a1", "b1", "c1"] { queue.insert(id, of: String(id.prefix(1)), isLarge: true) }
    #expect(drain(&queue) == ["a1", "b1"])
    queue.insert("d1", of: "d", isLarge: false)
    #expect(drain(&queue) == ["d1"])
    var narrow = FairQueue<String>(places: 1, onePerPartner: false)
    narrow.insert("a1", of: "a", isLarge: true)
    #expect(drain(&narrow) == ["a1"])
  }

  @Test("lets what is small go before what is large and came first, but not for ever")
  func smallFirst() {
    var queue = FairQueue<String>(places: 1, onePerPartner: false)
    queue.insert("large", of: "a", isLarge: true)
    var before = 0
    for number in 0..<100 {
      queue.insert("small \(number)", of: "a", isLarge: false)
      guard let next = queue.next() else { break }
      queue.ended(next)
      if next == "large" { break }
      before += 1
    }
    #expect(before == FairQueue<String>.patience)
  }

  @Test("has each of its entries once, waiting or running")
  func once() {
    var queue = FairQueue<String>(places: 2, onePerPartner: false)
    queue.insert("a", of: "p", isLarge: false)
    queue.insert("a", of: "p", isLarge: false)
    #expect(queue.waitingCount == 1)
    #expect(drain(&queue) == ["a"])
    queue.insert("a", of: "p", isLarge: false)
    #expect(queue.waitingCount == 0)
  }

  @Test("lets what was taken out come in again, behind the others")
  func again() {
    var queue = FairQueue<String>(places: 4, onePerPartner: false)
    for id in ["a", "b", "c"] { queue.insert(id, of: "p", isLarge: false) }
    queue.remove("a", of: "p")
    queue.keep(["c"])
    #expect(queue.waitingCount == 1)
    for id in ["a", "b", "c"] { queue.insert(id, of: "p", isLarge: false) }
    #expect(queue.waitingCount == 3)
    #expect(drain(&queue) == ["c", "a", "b"])
  }
}
