import Testing

@testable import Station

@Suite("The person behind a process") struct SystemUserTests {
  @Test("is who called sudo, where it leads to root or to the home's owner", arguments: [0, 500])
  func believed(effective: UInt32) {
    #expect(SystemUser.caller(sudo: 7, real: effective, effective: effective, ownerOfHome: 500) == 7)
  }

  @Test("is the process's own user elsewhere, whatever SUDO_UID says", arguments: [500, nil])
  func forged(owner: UInt32?) {
    #expect(SystemUser.caller(sudo: 7, real: 8, effective: 8, ownerOfHome: owner) == 8)
  }

  @Test("is the process's own user without sudo")
  func noSudo() {
    #expect(SystemUser.caller(sudo: nil, real: 500, effective: 500, ownerOfHome: 500) == 500)
  }
}
