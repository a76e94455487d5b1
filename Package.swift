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
    name: name + "Tests", dependencies: dependencies, resources: [.copy("Fixtures")], swiftSettings: settings)
}

let package = Package(
  name: "disburse",
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    room("Batch")
  ],
  swiftLanguageModes: [.v6]
)
