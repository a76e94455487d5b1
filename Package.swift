// swift-tools-version: 6.2
import PackageDescription

// Each feature is the language's own next default.
let settings: [SwiftSetting] = [
  // SE-0335: `any` is written out, so that an existential's cost is visible.
  .enableUpcomingFeature("ExistentialAny"),
  // SE-0444: a file sees only the members of the modules that it imports.
  .enableUpcomingFeature("MemberImportVisibility"),
  // SE-0409: an import is internal unless a room's face needs it.
  .enableUpcomingFeature("InternalImportsByDefault"),
  // A test kills the program at each durable step; a release has no such door.
  .define("CRASH_POINTS", .when(configuration: .debug)),
  Context.environment["CI"] == nil ? .treatAllWarnings(as: .warning) : .treatAllWarnings(as: .error),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

let grdb: [Target.Dependency] = [
  .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
]

let package = Package(
  name: "disburse",
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // From the ground up; a room imports only rooms above it in this list.
    .systemLibrary(name: "COpenSSL", path: "Sources/COpenSSL"),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib"),
    .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),
    .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
    room("Cryptography", ["COpenSSL"]),
    room("Envelope", ["COpenSSL", "CZlib", "Cryptography"]),
    room("Batch"),
    room("Storage", ["CLinux"] + grdb),
    room("Partners", ["Batch", "Cryptography", "Storage", "Yams"]),
    room("Wallet", ["Batch"]),
    room("Beneficiaries", ["Batch", "Storage"] + grdb),
    room("LedgerWallet", ["Batch", "Storage", "Wallet"] + grdb),
    room("Vouchers", ["Batch", "Cryptography", "Storage", "Wallet"] + grdb),
    room("Journal", ["Batch", "Cryptography", "Storage", "Wallet"] + grdb),
    room("Pipeline", ["Batch", "Cryptography", "Envelope", "Journal", "Partners", "Storage", "Vouchers", "Wallet"]),
    room(
      "Station",
      [
        "Batch", "Beneficiaries", "CLinux", "Cryptography", "Envelope", "Journal", "LedgerWallet", "Partners",
        "Pipeline", "Storage",
        "Vouchers", "Wallet", "Yams", .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "SystemPackage", package: "swift-system"), .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"), .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    .executableTarget(
      name: "disburse",
      dependencies: [
        "CLinux", "CMalloc",
        "Batch", "Beneficiaries", "Cryptography", "Envelope", "Journal", "Partners", "Pipeline", "Station", "Storage",
        "Wallet",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // What tests of several rooms use; not a test itself.
    .target(name: "TestKit", path: "Tests/TestKit", swiftSettings: settings),
    tests("Tidy", []),
    tests("Cryptography", ["Cryptography", "TestKit"]),
    tests("Envelope", ["Cryptography", "Envelope", "TestKit"]),
    tests("Batch", ["Batch"]),
    tests("Storage", ["Storage"] + grdb),
    tests("LedgerWallet", ["Batch", "LedgerWallet", "Storage", "TestKit", "Wallet"] + grdb),
    tests("Vouchers", ["Batch", "LedgerWallet", "Storage", "TestKit", "Vouchers", "Wallet"] + grdb),
    tests("Beneficiaries", ["Batch", "Beneficiaries", "Storage", "TestKit"] + grdb),
    tests("Journal", ["Batch", "Cryptography", "Journal", "Storage", "Wallet"] + grdb),
    tests(
      "Station",
      [
        "Batch", "Cryptography", "Envelope", "Journal", "Partners", "Pipeline", "Station", "Storage", "TestKit",
        .product(name: "CoreMetrics", package: "swift-metrics"), .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    tests("Daemon", ["Batch", "Storage", "TestKit", "disburse"]),
    tests("CommandLine", ["Batch", "Cryptography", "Journal", "Partners", "Pipeline", "Station", "TestKit"] + grdb),
    // What a partner does, for the tests that need one in their process: keys, documents, opening results.
    .target(
      name: "PartnerKit", dependencies: ["Batch", "Cryptography", "Envelope"], path: "Tests/PartnerKit",
      swiftSettings: settings),
    tests(
      "Pipeline",
      ["Batch", "Cryptography", "Envelope", "Journal", "PartnerKit", "Partners", "Pipeline", "Storage", "Wallet"]),
    tests("Crash", ["Batch", "Journal", "LedgerWallet", "Storage", "TestKit", "Vouchers", "Wallet", "disburse"]),
    .executableTarget(
      name: "EnquiryBenchmark", dependencies: ["Batch", "Journal", "Storage", "Wallet"], path: "Benchmarks/Enquiries",
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
