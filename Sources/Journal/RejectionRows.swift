internal import Batch
internal import GRDB
internal import Storage

/// The problems of a rejected batch, as rows.
enum RejectionRows {
  static func insert(_ rejection: Rejection, of batch: BatchNumber, in db: Database) throws {
    let insert = try db.bulk(
      "INSERT INTO problem (batch, number, code, pointer, byte_offset, message) VALUES (?,?,?,?,?,?)")
    for (number, problem) in rejection.problems.enumerated() {
      insert.bind(batch.rawValue, at: 1)
      insert.bind(number, at: 2)
      insert.bind(problem.code.rawValue, at: 3)
      insert.bind(problem.pointer, at: 4)
      insert.bind(problem.byteOffset.map { Int64($0) }, at: 5)
      insert.bind(problem.message, at: 6)
      try insert.run()
    }
  }

  static func read(of batch: BatchNumber, errorCount: Int, in db: Database) throws -> Rejection? {
    let rows = try db.bulk("SELECT code, pointer, byte_offset, message FROM problem WHERE batch = ? ORDER BY number")
    rows.bind(batch.rawValue, at: 1)
    var problems: [Problem] = []
    while try rows.step() {
      guard let code = RejectionCode(rawValue: rows.text(0)) else {
        throw JournalError.impossible("a problem of an unknown code")
      }
      problems.append(
        Problem(
          code, pointer: rows.optionalText(1), byteOffset: rows.optionalInt64(2).map { Int($0) }, rows.text(3)))
    }
    return Rejection(problems, errorCount: errorCount)
  }
}
