/// Where a payment goes: an account of a wallet, a phone number, a bank account.
///
/// It prints masked, so that a log or an error that mentions a payee does not tell who it is.
public struct Payee: Hashable, Sendable {
  /// The scheme that `id` belongs to. The raw value is what the journal stores.
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    case msisdn = 1
    case wallet = 2
    case account = 3
    case iban = 4
    case email = 5
    case alias = 6

    /// The name in documents: "MSISDN", "WALLET" and so on.
    public var name: String {
      switch self {
      case .msisdn: "MSISDN"
      case .wallet: "WALLET"
      case .account: "ACCOUNT"
      case .iban: "IBAN"
      case .email: "EMAIL"
      case .alias: "ALIAS"
      }
    }
  }

  /// The scheme of the identifier.
  public let kind: Kind
  /// The identifier, at most 34 characters; an MSISDN is international, digits only.
  public let id: String

  /// A payee of `kind` with an identifier that was checked by the caller.
  public init(kind: Kind, id: String) {
    self.kind = kind
    self.id = id
  }
}

extension Payee: CustomStringConvertible, CustomReflectable {
  /// The kind and the last two characters: "MSISDN …56".
  public var description: String { "\(kind.name) …\(id.suffix(2))" }
  /// Shows no more than `description`, so that `dump` and a failed expectation do not tell either.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
