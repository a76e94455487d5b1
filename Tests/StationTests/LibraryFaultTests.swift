import Testing

@testable import Station

@Suite("Known faults of libcrypto") struct LibraryFaultTests {
  @Test(
    "a version is told by the first patch of its branch that has the fix",
    arguments: [
      ("3.0.20", false), ("3.0.21", true), ("3.0.2", false), ("3.2.9", false), ("3.4.5", false), ("3.4.6", true),
      ("3.5.6", false), ("3.5.7", true), ("3.6.2", false), ("3.6.3", true), ("4.0.0", false), ("4.0.1", true),
      ("4.1.0", true),
    ])
  func mended(version: String, isMended: Bool) {
    let numbers = version.split(separator: ".").compactMap { Int($0) }
    #expect(Check.isMended(major: numbers[0], minor: numbers[1], patch: numbers[2]) == isMended)
  }
}
