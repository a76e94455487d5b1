/// What vouchers of one kind have in common.
public struct VoucherGroup: Hashable, Sendable {
  /// The name, 1–20 characters of `A-Z a-z 0-9 . _ : -`.
  public let code: String
  /// How many days a voucher is worth its money once it is active.
  public let expiresAfterDays: Int
  /// What it is for, in words.
  public let description: String?
  /// How many vouchers there may be; `nil` for no limit.
  public let capacity: Int?
  /// How many there have been.
  public internal(set) var issuedCount = 0

  /// A group; throws `refused` when a part of it breaks a rule.
  public init(
    code: String, expiresAfterDays: Int, description: String? = nil, capacity: Int? = nil
  ) throws(VoucherError) {
    guard (1...20).contains(code.utf8.count), code.utf8.allSatisfy(Self.isAllowed) else {
      throw .refused("the code of a voucher group has 1 to 20 characters of A-Z a-z 0-9 . _ : -")
    }
    guard (1...36_500).contains(expiresAfterDays) else {
      throw .refused("vouchers expire after 1 to 36500 days")
    }
    guard (capacity ?? 1) > 0 else { throw .refused("the capacity of a voucher group is more than zero") }
    self.code = code
    self.expiresAfterDays = expiresAfterDays
    self.description = description
    self.capacity = capacity
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
