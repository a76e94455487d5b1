/// How much of a sealed file is there, told by its outer structure alone: no key is used, and nothing is believed.
public enum SealedFraming: Hashable, Sendable {
  /// The structure is there to its last byte.
  case whole
  /// The file ends inside the structure, or before it: perhaps it is still being written.
  case endsEarly
  /// It is no such structure, and more of it would not make it one. Opening it says what it is.
  case none

  /// Walks the structure of the file at `path` from its first byte to its last, without reading what is encrypted where
  /// its length is told. It blocks.
  ///
  /// - Throws: `EnvelopeError.inputOutput` when the file can't be read; a symbolic link is not followed.
  public init(ofFileAt path: String) throws(EnvelopeError) {
    do {
      let input = try SealedInput(path: path, followingLinks: false)
      if let error = ForeignFormat.error(for: try input.prefix(ForeignFormat.prefixByteCount)) { throw error }
      _ = try EncryptedFraming(input)
      self = .whole
    } catch {
      switch EnvelopeError(wrapping: error) {
      case .truncated: self = .endsEarly
      case let error where error.isRejection: self = .none
      // Cut while it was looked at: it is being written.
      case .changed: self = .endsEarly
      case let error: throw error
      }
    }
  }
}
