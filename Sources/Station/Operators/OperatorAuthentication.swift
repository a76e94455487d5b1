/// How it is known which operator gives an order.
public enum OperatorAuthentication: String, Hashable, Sendable, CaseIterable {
  /// By the system user who runs the command.
  case systemUser = "system-user"
  /// By a statement of the order that the operator has signed.
  case certificate
}

/// What an operator shows to be believed.
public struct OperatorCredentials: Sendable {
  /// The registered name; by default the operator whose system user this is.
  public var name: String?
  /// The path of the private key (PEM) of the operator's certificate, to sign here.
  public var key: String?
  /// The path of the statement that was signed elsewhere (CMS SignedData, DER).
  public var signature: String?

  /// Nothing but the system user.
  public init() {}
}
