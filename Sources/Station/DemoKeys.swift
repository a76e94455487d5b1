import Cryptography

/// Tells the demo keys, which are published with their private halves, from real ones.
enum DemoKeys {
  /// The organization in the subject of every demo certificate.
  static let organization = "disburse demo - not for production"

  /// Refuses a demo certificate in a home that is not one for the demo.
  static func refuse(_ certificates: [Certificate], in configuration: StationConfiguration) throws(StationError) {
    guard !configuration.allowsDemoKeys else { return }
    for certificate in certificates where certificate.subject.contains(organization) {
      throw .demoKey(subject: certificate.subject)
    }
  }
}
