/// A BER element with everything in it, to be bent and written again in any form that BER has.
struct BERTree {
  var identifier: UInt8
  var content: [UInt8] = []
  var children: [BERTree] = []
  /// Always DER, whatever the form of the rest: what is signed must be (RFC 5652 §5.4).
  var isFrozen = false
  var isConstructed: Bool { identifier & 0x20 != 0 }

  /// How lengths and the long octet strings are written.
  struct Form: Sendable {
    var isIndefinite = false
    /// Cuts octet strings longer than 64 bytes into segments of these sizes, in turn; empty for primitive ones.
    var segments: [Int] = []
    /// Wraps the segments in so many further constructed octet strings.
    var nesting = 0
  }

  /// The one element that the bytes are, of definite or indefinite length.
  init(_ bytes: [UInt8]) {
    var position = 0
    self.init(bytes, &position)
  }

  init(identifier: UInt8, content: [UInt8] = [], children: [BERTree] = []) {
    self.identifier = identifier
    self.content = content
    self.children = children
  }

  private init(_ bytes: [UInt8], _ position: inout Int) {
    identifier = bytes[position]
    let first = bytes[position + 1]
    position += 2
    var length: Int?
    if first < 0x80 {
      length = Int(first)
    } else if first > 0x80 {
      let count = Int(first & 0x7F)
      length = bytes[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
      position += count
    }
    guard isConstructed else {
      content = Array(bytes[position..<position + (length ?? 0)])
      position += length ?? 0
      return
    }
    if let length {
      let end = position + length
      while position < end { children.append(BERTree(bytes, &position)) }
    } else {
      while bytes[position] != 0 || bytes[position + 1] != 0 { children.append(BERTree(bytes, &position)) }
      position += 2
    }
  }

  /// The octets of an octet string, primitive or in segments.
  var octets: [UInt8] { isConstructed ? children.flatMap(\.octets) : content }

  func encoded(_ form: Form = Form()) -> [UInt8] {
    if isFrozen { return plain(Form()) }
    let isOctets = identifier == 0x04 || identifier == 0x80
    if isOctets, content.count > 64, !form.segments.isEmpty { return segmented(form).plain(form) }
    return plain(form)
  }

  private func plain(_ form: Form) -> [UInt8] {
    let inner = isConstructed ? children.flatMap { $0.encoded(form) } : content
    if isConstructed, form.isIndefinite { return [identifier, 0x80] + inner + [0, 0] }
    return [identifier] + Self.length(inner.count) + inner
  }

  private func segmented(_ form: Form) -> BERTree {
    var parts: [BERTree] = []
    var start = 0
    while start < content.count {
      let end = min(content.count, start + form.segments[parts.count % form.segments.count])
      var part = BERTree(identifier: 0x04, content: Array(content[start..<end]))
      part.isFrozen = true
      parts.append(part)
      start = end
    }
    for _ in 0..<form.nesting { parts = [BERTree(identifier: 0x24, children: parts)] }
    return BERTree(identifier: identifier | 0x20, children: parts)
  }

  static func length(_ count: Int) -> [UInt8] {
    if count < 0x80 { return [UInt8(count)] }
    let octets = (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }.drop { $0 == 0 }
    return [0x80 | UInt8(octets.count)] + octets
  }
}

/// The outer layer as a tree, its parts by name.
struct EnvelopedTree {
  var root: BERTree

  /// Reads a sealed file; the content becomes one primitive octet string.
  init(_ sealed: [UInt8]) {
    root = BERTree(sealed)
    let encrypted = contentInfo.children[2].octets
    contentInfo.children[2] = BERTree(identifier: 0x80, content: encrypted)
  }

  /// AuthEnvelopedData or EnvelopedData.
  var body: BERTree {
    get { root.children[1].children[0] }
    set { root.children[1].children[0] = newValue }
  }
  var contentInfo: BERTree {
    get { body.children[2] }
    set { body.children[2] = newValue }
  }
  var cipher: BERTree {
    get { contentInfo.children[1] }
    set { contentInfo.children[1] = newValue }
  }
  var ciphertext: [UInt8] {
    get { contentInfo.children[2].content }
    set { contentInfo.children[2].content = newValue }
  }
  var mac: [UInt8] {
    get { body.children[3].content }
    set { body.children[3].content = newValue }
  }
  var gcmNonce: [UInt8] {
    get { cipher.children[1].children[0].content }
    set { cipher.children[1].children[0].content = newValue }
  }
  var gcmTagLength: [UInt8] {
    get { cipher.children[1].children[1].content }
    set { cipher.children[1].children[1].content = newValue }
  }
  func encoded(_ form: BERTree.Form = .init()) -> [UInt8] { root.encoded(form) }
}

/// The signed layer as a tree, its parts by name.
struct SignedTree {
  var root: BERTree

  /// Reads a signed layer; the content becomes one primitive octet string.
  init(_ signed: [UInt8]) {
    root = BERTree(signed)
    let content = body.children[2].children[1].children[0].octets
    body.children[2].children[1].children[0] = BERTree(identifier: 0x04, content: content)
    for index in body.children.indices where body.children[index].identifier == 0xA0 {
      body.children[index].isFrozen = true
    }
    for index in signerInfos.indices { signerInfos[index].isFrozen = true }
  }

  var body: BERTree {
    get { root.children[1].children[0] }
    set { root.children[1].children[0] = newValue }
  }
  var content: [UInt8] {
    get { body.children[2].children[1].children[0].content }
    set { body.children[2].children[1].children[0].content = newValue }
  }
  var signerInfos: [BERTree] {
    get { body.children[body.children.count - 1].children }
    set { body.children[body.children.count - 1].children = newValue }
  }
  func encoded(_ form: BERTree.Form = .init()) -> [UInt8] { root.encoded(form) }
}
