import CoreMetrics
import Synchronization

/// One series: a family's figure under one set of labels. It is what all kinds of handlers write to.
///
/// Destroying a handler keeps the series: a counter that vanishes and comes back would be read as one that was reset.
final class PrometheusSeries: Sendable {
  /// What `# TYPE` says of a family.
  enum Kind: String, Sendable {
    case counter, gauge, histogram, summary
  }

  /// The upper bounds of a histogram's buckets.
  static let bounds: [ExactNumber] = [
    1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 60_000, 300_000, 900_000, 3_600_000,
  ].map { ExactNumber(nanoseconds: $0 * 1_000_000) }

  private struct Figures {
    var value = ExactNumber.zero
    var count: UInt64 = 0
    var buckets: [UInt64]
  }

  private let kind: Kind
  private let figures: Mutex<Figures>

  init(_ kind: Kind) {
    self.kind = kind
    figures = Mutex(Figures(buckets: kind == .histogram ? Array(repeating: 0, count: Self.bounds.count) : []))
  }

  /// Adds; a counter only rises.
  func add(_ amount: ExactNumber?) {
    guard let amount, kind != .counter || !amount.isNegative else { return }
    figures.withLock { $0.value.add(amount) }
  }

  func replace(by value: ExactNumber?) {
    guard let value else { return }
    figures.withLock { $0.value = value }
  }

  /// Counts a value of a distribution.
  func observe(_ value: ExactNumber?) {
    guard let value else { return }
    figures.withLock { figures in
      figures.value.add(value)
      figures.count &+= 1
      if let index = Self.bounds.firstIndex(where: { value.billionths <= $0.billionths }), kind == .histogram {
        figures.buckets[index] &+= 1
      }
    }
  }

  /// The lines of the series.
  func write(name: String, labels: [(String, String)], to text: inout String) {
    let figures = figures.withLock { $0 }
    let plain = PrometheusText.labels(labels)
    switch kind {
    case .counter, .gauge:
      text += "\(name)\(plain) \(figures.value.text)\n"
      return
    case .histogram:
      // Buckets are cumulative.
      var count: UInt64 = 0
      for (bound, bucket) in zip(Self.bounds, figures.buckets) {
        count &+= bucket
        text += "\(name)_bucket\(PrometheusText.labels(labels + [("le", bound.text)])) \(count)\n"
      }
      text += "\(name)_bucket\(PrometheusText.labels(labels + [("le", "+Inf")])) \(figures.count)\n"
    case .summary: break
    }
    text += "\(name)_sum\(plain) \(figures.value.text)\n\(name)_count\(plain) \(figures.count)\n"
  }
}

// The requirements that name a type of floating point are met by generic functions: what comes in is turned into an exact
// number at once.

extension PrometheusSeries: CounterHandler, FloatingPointCounterHandler {
  func increment(by amount: Int64) { add(ExactNumber(amount)) }
  func increment<Value: BinaryFloatingPoint>(by amount: Value) { add(ExactNumber(amount)) }
  /// A counter of Prometheus is never reset while its process lives.
  func reset() {}
}

extension PrometheusSeries: MeterHandler {
  func set(_ value: Int64) { replace(by: ExactNumber(value)) }
  func set<Value: BinaryFloatingPoint>(_ value: Value) { replace(by: ExactNumber(value)) }
  func decrement<Value: BinaryFloatingPoint>(by amount: Value) { add(ExactNumber(amount)?.negated) }
}

extension PrometheusSeries: RecorderHandler {
  func record(_ value: Int64) { record(ExactNumber(value)) }
  func record<Value: BinaryFloatingPoint>(_ value: Value) { record(ExactNumber(value)) }
  private func record(_ value: ExactNumber?) {
    switch kind {
    case .gauge: replace(by: value)
    case .counter, .histogram, .summary: observe(value)
    }
  }
}

extension PrometheusSeries: TimerHandler {
  func recordNanoseconds(_ duration: Int64) { observe(ExactNumber(nanoseconds: duration)) }
}
