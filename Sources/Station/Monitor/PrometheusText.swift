/// Names and texts of the Prometheus text exposition format, version 0.0.4.
enum PrometheusText {
  /// The name with what a name can't have replaced by `_`.
  static func name(_ text: String, isLabel: Bool = false) -> String {
    var name = ""
    for scalar in text.unicodeScalars {
      let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
      let isDigit = ("0"..."9").contains(scalar) && !name.isEmpty
      name.unicodeScalars.append(isLetter || isDigit || (scalar == ":" && !isLabel) ? scalar : "_")
    }
    return name.isEmpty ? "_" : name
  }

  /// `{partner="social-registry",result="rejected"}`, or nothing.
  static func labels(_ labels: [(String, String)]) -> String {
    labels.isEmpty ? "" : "{" + labels.map { "\($0)=\"\(escaped($1, quotes: true))\"" }.joined(separator: ",") + "}"
  }

  /// Backslash and line feed are escaped everywhere, quotation marks in a label's value.
  static func escaped(_ text: String, quotes: Bool) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
