/// Writes a result document piece by piece; each piece is pure, so that lines are encoded concurrently.
///
/// The document is `head`, the `lines` of all chunks in order, `tail`; or `rejected` alone.
public enum ResultEncoder {
  /// Everything before the first line.
  public static func head(_ header: ResultHeader) -> [UInt8] { [] }

  /// Consecutive lines; `isFirst` for the first chunk only.
  public static func lines(_ outcomes: [Outcome], isFirst: Bool) -> [UInt8] { [] }

  /// Everything after the last line.
  public static func tail() -> [UInt8] { [] }

  /// A whole document for a rejected batch.
  public static func rejected(_ header: ResultHeader, _ rejection: Rejection) -> [UInt8] { [] }
}
