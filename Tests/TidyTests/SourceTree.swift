import Foundation

/// The project's own Swift files, as text.
struct SourceFile: Sendable, CustomStringConvertible {
  /// From the project's top: "Sources/Batch/Money.swift".
  let path: String
  let lines: [String]

  var description: String { path }
  /// The folder below `Sources` or `Tests`.
  var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  /// The lines without what stands behind `//`: what a rule about code looks at.
  var code: [String] {
    lines.map { line in line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? line }
  }

  static let sources = files(in: "Sources")
  static let tests = files(in: "Tests")

  private static func files(in folder: String) -> [SourceFile] {
    let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let names = FileManager.default.enumerator(atPath: top.appending(path: folder).path)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      guard let text = try? String(contentsOf: top.appending(path: path), encoding: .utf8) else { return nil }
      return SourceFile(path: path, lines: text.components(separatedBy: "\n"))
    }
  }
}

/// Where a rule is broken: "Sources/Batch/Money.swift:12: …".
func places(in files: [SourceFile], where breaks: (SourceFile, String) -> Bool) -> [String] {
  files.flatMap { file in
    zip(1..., file.code).filter { breaks(file, $1) }.map {
      "\(file.path):\($0): \($1.trimmingCharacters(in: .whitespaces))"
    }
  }
}
