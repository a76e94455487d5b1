import Journal
import Vouchers

/// A voucher group as an operator sees it.
public struct VoucherGroupEntry: Hashable, Sendable {
  /// Its code.
  public let code: String
  /// How many days its vouchers are worth something.
  public let expiresAfterDays: Int
  /// What it is for.
  public let description: String?
  /// The most vouchers that it may issue; `nil` for no limit.
  public let capacity: Int?
  /// How many it has issued.
  public let issuedCount: Int
}

extension Station {
  /// Adds a voucher group.
  public func addVoucherGroup(_ code: String, expiresAfterDays: Int, description: String?, capacity: Int?) async throws
  {
    let group = try VoucherGroup(
      code: code, expiresAfterDays: expiresAfterDays, description: description, capacity: capacity)
    let vouchers = try await vouchers()
    let event = AuditEvent(
      .voucherGroupAdded, by: actor,
      details: [
        .init("group", code), .init("expiresAfterDays", "\(expiresAfterDays)"),
        .init("capacity", capacity.map { "\($0)" } ?? "none"),
      ])
    try await change(event) { try await vouchers.addGroup(group) }
  }

  /// The voucher groups, by code.
  public func voucherGroups() async throws -> [VoucherGroupEntry] {
    try await vouchers().groups().map {
      VoucherGroupEntry(
        code: $0.code, expiresAfterDays: $0.expiresAfterDays, description: $0.description, capacity: $0.capacity,
        issuedCount: $0.issuedCount)
    }
  }
}
