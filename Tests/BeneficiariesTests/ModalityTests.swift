import Beneficiaries
import Testing

@Suite("modalities")
struct ModalityTests {
  @Test("the codes are those of the GovStack account mapper")
  func codes() {
    #expect(Modality.allCases.map(\.rawValue) == ["00", "01", "02", "03", "04"])
  }
}
