/// How a beneficiary receives money. The raw value is the code of the GovStack Payments Building Block (account mapper,
/// `paymentModality`).
public enum Modality: String, Hashable, Sendable, CaseIterable {
  /// An account of a bank.
  case bank = "00"
  /// A mobile-money account.
  case mobileMoney = "01"
  /// A voucher.
  case voucher = "02"
  /// A digital wallet.
  case wallet = "03"
  /// A proxy, such as an alias that another directory resolves.
  case proxy = "04"

  /// The modality of a code; a spreadsheet makes `1` of `01`, which can mean nothing else.
  public init?(code: String) { self.init(rawValue: code.utf8.count == 1 ? "0" + code : code) }

  /// The word for people.
  public var name: String {
    switch self {
    case .bank: "bank"
    case .mobileMoney: "mobile money"
    case .voucher: "voucher"
    case .wallet: "wallet"
    case .proxy: "proxy"
    }
  }

  /// Code and word: "00 (bank)".
  public var title: String { "\(rawValue) (\(name))" }
}
