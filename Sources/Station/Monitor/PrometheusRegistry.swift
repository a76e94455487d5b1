public import CoreMetrics
import Synchronization

/// Keeps the program's figures and writes them as Prometheus reads them: text exposition format, version 0.0.4.
///
/// Timers are histograms in seconds with fixed buckets. Memory is bounded: a family has at most so many series, and what
/// comes after them is counted together, under labels whose values are all `other`.
public final class PrometheusRegistry: Sendable {
  /// What the answer to a scrape says of its content.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// Families that the program itself does not name are not kept beyond this.
  private static let maximumFamilies = 200
  private static let maximumLabelBytes = 128

  private struct Series {
    let labels: [(String, String)]
    let figures: PrometheusSeries
  }

  private struct Family {
    let kind: PrometheusSeries.Kind
    var series: [String: Series] = [:]
  }

  private struct State {
    var families: [String: Family] = [:]
    var helps: [String: String] = [:]
  }

  private let maximumSeries: Int
  private let state = Mutex(State())

  /// An empty registry whose families have at most `maximumSeries` series each.
  public init(maximumSeries: Int = 1_000) { self.maximumSeries = maximumSeries }

  /// Says what a family is, for its `# HELP` line.
  public func describe(_ name: String, _ help: String) {
    state.withLock { $0.helps[PrometheusText.name(name)] = help }
  }

  /// All figures, families by name and series by labels.
  public func render() -> [UInt8] {
    let state = state.withLock { $0 }
    var text = ""
    for (name, family) in state.families.sorted(by: { $0.key < $1.key }) {
      if let help = state.helps[name] {
        text += "# HELP \(name) \(PrometheusText.escaped(help, quotes: false))\n"
      }
      text += "# TYPE \(name) \(family.kind.rawValue)\n"
      for (_, series) in family.series.sorted(by: { $0.key < $1.key }) {
        series.figures.write(name: name, labels: series.labels, to: &text)
      }
    }
    return Array(text.utf8)
  }

  /// The series of that name and those labels. One whose name is another kind's already is kept nowhere: a program with
  /// a fault in its figures still pays.
  private func series(_ kind: PrometheusSeries.Kind, _ label: String, _ dimensions: [(String, String)])
    -> PrometheusSeries
  {
    let name = PrometheusText.name(label)
    var labels = dimensions.map { (PrometheusText.name($0, isLabel: true), Self.bounded($1)) }.sorted { $0.0 < $1.0 }
    return state.withLock { state in
      if state.families[name] == nil, state.families.count >= Self.maximumFamilies { return PrometheusSeries(kind) }
      var family = state.families[name] ?? Family(kind: kind)
      guard family.kind == kind else { return PrometheusSeries(kind) }
      var key = PrometheusText.labels(labels)
      if family.series[key] == nil, family.series.count >= maximumSeries {
        labels = labels.map { ($0.0, "other") }
        key = PrometheusText.labels(labels)
      }
      if let series = family.series[key] { return series.figures }
      let series = Series(labels: labels, figures: PrometheusSeries(kind))
      family.series[key] = series
      state.families[name] = family
      return series.figures
    }
  }

  private static func bounded(_ value: String) -> String {
    value.utf8.count <= maximumLabelBytes ? value : "other"
  }
}

extension PrometheusRegistry: MetricsFactory {
  /// A counter.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(.counter, label, dimensions)
  }

  /// A counter of fractions.
  public func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
    -> any FloatingPointCounterHandler
  {
    series(.counter, label, dimensions)
  }

  /// A gauge.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(.gauge, label, dimensions)
  }

  /// A gauge, or with `aggregate` a count and a sum.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    series(aggregate ? .summary : .gauge, label, dimensions)
  }

  /// A histogram in seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(.histogram, label, dimensions)
  }

  /// Nothing: a series stays, since one that vanished and came back would be read as reset.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// Nothing, as above.
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  /// Nothing, as above.
  public func destroyMeter(_ handler: any MeterHandler) {}
  /// Nothing, as above.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// Nothing, as above.
  public func destroyTimer(_ handler: any TimerHandler) {}
}
