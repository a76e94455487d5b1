import CoreMetrics
import Dispatch
import Station
import Testing

@Suite("figures as Prometheus reads them")
struct PrometheusTests {
  private let registry = PrometheusRegistry()
  private var text: String { String(decoding: registry.render(), as: UTF8.self) }

  @Test("a counter has its help, its type and a line for each set of labels, sorted")
  func counter() {
    registry.describe("files_total", "Files,\nby \\ result.")
    Counter(label: "files_total", dimensions: [("result", "rejected")], factory: registry).increment(by: 2)
    Counter(label: "files_total", dimensions: [("result", "completed")], factory: registry).increment(by: 40)
    Counter(label: "files_total", dimensions: [("result", "completed")], factory: registry).increment()
    #expect(
      text == #"""
        # HELP files_total Files,\nby \\ result.
        # TYPE files_total counter
        files_total{result="completed"} 41
        files_total{result="rejected"} 2

        """#)
  }

  @Test("a label's value is escaped, and its order does not matter")
  func labels() {
    Counter(label: "a", dimensions: [("y", "2"), ("x", "q\"b\\n\n")], factory: registry).increment()
    Counter(label: "a", dimensions: [("x", "q\"b\\n\n"), ("y", "2")], factory: registry).increment()
    #expect(text == "# TYPE a counter\na{x=\"q\\\"b\\\\n\\n\",y=\"2\"} 2\n")
  }

  @Test("a counter never falls")
  func monotonic() {
    let counter = Counter(label: "a", factory: registry)
    counter.increment(by: 5)
    counter.increment(by: -3)
    counter.reset()
    #expect(text.hasSuffix("a 5\n"))
  }

  @Test("sums beyond 64 bits and fractions are exact")
  func exact() {
    let counter = Counter(label: "a", factory: registry)
    for _ in 0..<4 { counter.increment(by: Int64.max) }
    let fractions = FloatingPointCounter(label: "b", factory: registry)
    for _ in 0..<10 { fractions.increment(by: 0.1) }
    #expect(text.contains("a 36893488147419103228\n"))
    #expect(text.contains("b 1\n"))
  }

  @Test("what is no number is not counted")
  func notANumber() {
    let meter = Meter(label: "a", factory: registry)
    meter.set(-1.5)
    meter.set(1.0 / 0)
    meter.set((0.0 / 0))
    meter.set(1e300)
    #expect(text.hasSuffix("a -1.5\n"))
  }

  @Test("a gauge is set, raised and lowered")
  func gauge() {
    let meter = Meter(label: "a", factory: registry)
    meter.set(7)
    meter.increment(by: 2.0)
    meter.decrement()
    #expect(text == "# TYPE a gauge\na 8\n")
  }

  @Test("a timer is a histogram in seconds whose buckets are cumulative")
  func timer() {
    let timer = Timer(label: "a_seconds", dimensions: [("stage", "open")], factory: registry)
    timer.recordNanoseconds(1_000_000)
    timer.recordNanoseconds(1_000_001)
    timer.recordNanoseconds(7_200_000_000_000)
    let lines = text.split(separator: "\n")
    #expect(lines.first == "# TYPE a_seconds histogram")
    #expect(lines.contains(#"a_seconds_bucket{stage="open",le="0.001"} 1"#))
    #expect(lines.contains(#"a_seconds_bucket{stage="open",le="0.005"} 2"#))
    #expect(lines.contains(#"a_seconds_bucket{stage="open",le="3600"} 2"#))
    #expect(lines.contains(#"a_seconds_bucket{stage="open",le="+Inf"} 3"#))
    #expect(lines.contains(#"a_seconds_sum{stage="open"} 7200.002000001"#))
    #expect(lines.contains(#"a_seconds_count{stage="open"} 3"#))
  }

  @Test("names are made fit")
  func names() {
    Counter(label: "9 lives-of.a cat", dimensions: [("is it", "yes")], factory: registry).increment()
    #expect(text == "# TYPE __lives_of_a_cat counter\n__lives_of_a_cat{is_it=\"yes\"} 1\n")
  }

  @Test("one name is of one kind: a second kind under it is kept nowhere")
  func kinds() {
    Counter(label: "a", factory: registry).increment()
    Meter(label: "a", factory: registry).set(9)
    #expect(text == "# TYPE a counter\na 1\n")
  }

  @Test("a family's series are bounded, and what is beyond is counted together")
  func cardinality() {
    let small = PrometheusRegistry(maximumSeries: 2)
    for name in ["a", "b", "c", "d", "a"] {
      Counter(label: "files", dimensions: [("partner", name)], factory: small).increment()
    }
    #expect(
      String(decoding: small.render(), as: UTF8.self) == """
        # TYPE files counter
        files{partner="a"} 2
        files{partner="b"} 1
        files{partner="other"} 2

        """)
  }

  @Test("no increment of many threads is lost")
  func concurrent() {
    DispatchQueue.concurrentPerform(iterations: 1_000) { index in
      Counter(label: "a", dimensions: [("lane", "\(index % 4)")], factory: registry).increment()
    }
    #expect(text.split(separator: "\n").filter { $0.hasSuffix(" 250") }.count == 4)
  }
}
