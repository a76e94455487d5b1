import Station

/// Text for a person's terminal. Names, messages and identifiers come from partners; a terminal obeys what it is sent.
enum Terminal {
  /// The text with everything spelled out that moves the cursor, ends a line or turns the direction of writing.
  static func escaped(_ text: String) -> String { LineText.escaped(text) }
}
