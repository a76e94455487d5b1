/// Text in columns: numbers to the right, the rest to the left.
struct Table {
  private let header: [String]
  private let isNumeric: [Bool]
  private var rows: [[String]] = []

  /// A table with these column titles; a title that begins with `#` is for numbers and loses the sign.
  init(_ titles: String...) {
    isNumeric = titles.map { $0.hasPrefix("#") }
    header = titles.map { Terminal.escaped($0.hasPrefix("#") ? String($0.dropFirst()) : $0) }
  }

  mutating func add(_ cells: String...) { rows.append(cells.map(Terminal.escaped)) }

  var isEmpty: Bool { rows.isEmpty }

  func print() {
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    for row in [header] + rows {
      let cells = row.indices.map { column in
        isNumeric[column] ? row[column].padded(toRight: widths[column]) : row[column].padded(to: widths[column])
      }
      Output.print(cells.joined(separator: "  ").trimmingTrailingSpaces)
    }
  }
}
