internal import Batch
internal import GRDB
internal import Storage

/// What a partner's batches of a UTC day were to pay.
enum DayTotalRows {
  private static let millisecondsPerDay: Int64 = 86_400_000

  /// Adds what a batch is to pay to the day of its admission.
  static func add(_ payable: [Currency: Money], of batch: BatchNumber, at now: Timestamp, in db: Database) throws {
    let add = try db.bulk(
      """
      INSERT INTO day_total (partner, day, currency, amount)
      VALUES ((SELECT partner FROM batch WHERE id = ?1), ?2, ?3, ?4)
      ON CONFLICT (partner, day, currency) DO UPDATE SET amount = amount + excluded.amount
      """)
    for (currency, money) in payable where money.minorUnits > 0 {
      add.bind([
        .integer(batch.rawValue), .integer(day(of: now)), .text(currency.code), .integer(money.minorUnits),
      ])
      try add.run()
    }
  }

  /// The sums of the day of `instant`.
  static func read(of partner: String, at instant: Timestamp, in db: Database) throws -> [Currency: Int64] {
    let rows = try db.bulk(
      """
      SELECT d.currency, d.amount FROM day_total d JOIN partner p ON p.id = d.partner WHERE p.name = ? AND d.day = ?
      """)
    rows.bind([.text(partner), .integer(day(of: instant))])
    var totals: [Currency: Int64] = [:]
    while try rows.step() {
      if let currency = Currency(code: rows.text(0)) { totals[currency] = rows.int64(1) }
    }
    return totals
  }

  private static func day(of instant: Timestamp) -> Int64 {
    let (day, rest) = instant.millisecondsSinceEpoch.quotientAndRemainder(dividingBy: millisecondsPerDay)
    return rest < 0 ? day - 1 : day
  }
}
