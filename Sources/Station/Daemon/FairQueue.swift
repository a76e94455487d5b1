/// Who comes next, as a pure value: partners take turns, within a partner the oldest comes first, and what is large never
/// keeps what is small waiting.
struct FairQueue<ID: Hashable & Sendable>: Sendable {
  /// After so many that came later and went first, a large one goes like any other.
  static var patience: Int { 16 }

  private struct Waiting: Sendable {
    let id: ID
    let order: Int
    let isLarge: Bool
    var passedOver = 0
  }

  private let places: Int
  private let onePerPartner: Bool
  private var waiting: [String: [Waiting]] = [:]
  /// All that wait, so that nobody's backlog makes it slow to know whether one does.
  private var waitingSet: Set<ID> = []
  private var running: [ID: (partner: String, isLarge: Bool)] = [:]
  private var lastServed = ""
  private var arrivals = 0

  /// - Parameters:
  ///   - places: How many run at once. Large ones get half of them, at least one.
  ///   - onePerPartner: Whether a partner has only one of them at a time.
  init(places: Int, onePerPartner: Bool) {
    self.places = max(1, places)
    self.onePerPartner = onePerPartner
  }

  /// How many wait.
  var waitingCount: Int { waitingSet.count }
  /// How many run.
  var runningCount: Int { running.count }
  /// Whether it runs.
  func isRunning(_ id: ID) -> Bool { running[id] != nil }

  /// Those that wait and that `isIncluded` says yes to.
  func waitingIDs(where isIncluded: (ID) -> Bool) -> Set<ID> {
    waitingSet.filter(isIncluded)
  }

  /// Adds what comes behind all that came before; what is here already stays where it is.
  mutating func insert(_ id: ID, of partner: String, isLarge: Bool) {
    guard running[id] == nil, waitingSet.insert(id).inserted else { return }
    arrivals += 1
    waiting[partner, default: []].append(Waiting(id: id, order: arrivals, isLarge: isLarge))
  }

  /// Takes out what is not to be done any more. What runs goes on.
  mutating func remove(_ id: ID, of partner: String) {
    guard waitingSet.remove(id) != nil else { return }
    waiting[partner]?.removeAll { $0.id == id }
    if waiting[partner]?.isEmpty == true { waiting[partner] = nil }
  }

  /// Takes out all that wait and are not among `ids`.
  mutating func keep(_ ids: Set<ID>) {
    waitingSet.formIntersection(ids)
    waiting = waiting.compactMapValues { entries in
      let kept = entries.filter { ids.contains($0.id) }
      return kept.isEmpty ? nil : kept
    }
  }

  /// Gives the next one a place; `nil` when there is none that may run now.
  mutating func next() -> ID? {
    guard running.count < places else { return nil }
    let largeIsFull = running.values.count(where: \.isLarge) >= max(1, places / 2)
    let busy = onePerPartner ? Set(running.values.map(\.partner)) : []
    let partners = waiting.keys.sorted()
    let turn = partners.firstIndex { $0 > lastServed } ?? 0
    for partner in partners[turn...] + partners[..<turn] where !busy.contains(partner) {
      guard let chosen = choose(of: partner, largeIsFull: largeIsFull) else { continue }
      remove(chosen.id, of: partner)
      running[chosen.id] = (partner, chosen.isLarge)
      lastServed = partner
      return chosen.id
    }
    return nil
  }

  private mutating func choose(of partner: String, largeIsFull: Bool) -> Waiting? {
    guard let entries = waiting[partner] else { return nil }
    let candidates = entries.filter { !$0.isLarge || !largeIsFull }
    guard let oldest = candidates.min(by: { $0.order < $1.order }) else { return nil }
    if !oldest.isLarge || oldest.passedOver >= Self.patience { return oldest }
    guard let small = candidates.filter({ !$0.isLarge }).min(by: { $0.order < $1.order }) else { return oldest }
    for index in entries.indices where entries[index].isLarge && entries[index].order < small.order {
      waiting[partner]?[index].passedOver += 1
    }
    return small
  }

  /// Takes back the place.
  mutating func ended(_ id: ID) { running[id] = nil }
}
