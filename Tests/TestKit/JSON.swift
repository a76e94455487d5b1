import Foundation

/// A JSON value read by Foundation, not by the program's own reader. What is absent is `null` at any depth.
public struct JSON: Sendable, CustomStringConvertible {
  /// Standard output was not one object.
  public struct NotOneObject: Error, CustomStringConvertible {
    /// What it was.
    public let description: String
  }

  private indirect enum Value: Sendable {
    case object([String: JSON])
    case array([JSON])
    case scalar(String)
    case null
  }

  private let value: Value

  /// Reads exactly one object with nothing besides.
  public init(object bytes: [UInt8]) throws {
    let any: Any
    do { any = try JSONSerialization.jsonObject(with: Data(bytes)) } catch {
      throw NotOneObject(description: "no JSON document: \(String(decoding: bytes.prefix(2_000), as: UTF8.self))")
    }
    guard any is [String: Any] else { throw NotOneObject(description: "\(any)") }
    self.init(any)
  }

  private init(_ any: Any) {
    switch any {
    case let object as [String: Any]: value = .object(object.mapValues(JSON.init))
    case let array as [Any]: value = .array(array.map(JSON.init))
    case let text as String: value = .scalar(text)
    case let number as NSNumber: value = .scalar("\(number)")
    default: value = .null
    }
  }

  private init(_ value: Value) { self.value = value }

  /// The member called `name`.
  public subscript(_ name: String) -> JSON {
    guard case .object(let members) = value else { return JSON(.null) }
    return members[name] ?? JSON(.null)
  }

  /// The element at `index`.
  public subscript(_ index: Int) -> JSON {
    guard case .array(let elements) = value, elements.indices.contains(index) else { return JSON(.null) }
    return elements[index]
  }

  /// The elements of an array; none of anything else.
  public var elements: [JSON] { if case .array(let elements) = value { elements } else { [] } }
  /// The names of an object's members, sorted.
  public var names: [String] { if case .object(let members) = value { members.keys.sorted() } else { [] } }
  /// A text or a number as text; `nil` for anything else. `true` is "1".
  public var text: String? { if case .scalar(let text) = value { text } else { nil } }
  /// Whether there is nothing.
  public var isNull: Bool { if case .null = value { true } else { false } }

  /// The value in a form for failed expectations.
  public var description: String {
    switch value {
    case .object(let members):
      "{" + members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .array(let elements): "\(elements)"
    case .scalar(let text): text
    case .null: "null"
    }
  }
}
