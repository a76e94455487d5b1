extension Check {
  static let configuration = Check("configuration", "disburse.yaml, and the environment over it") {
    if case .failure(let error) = $0.configuration { return [Finding(error, about: "disburse.yaml")] }
    return []
  }

  /// A variable that means nothing is seldom meant: what was misspelt is its default.
  static let environment = Check("environment", "variables DISBURSE_… that mean nothing") { patient in
    let known = Set(StationConfiguration.environmentNames + ["DISBURSE_HOME", "DISBURSE_CRASH_AT"])
    return patient.environment.filter { $0.hasPrefix("DISBURSE_") && !known.contains($0) }.sorted().map { name in
      .warning(
        name, "it is set and means nothing",
        remedy:
          "correct or unset it; there are \(known.subtracting(["DISBURSE_CRASH_AT"]).sorted().joined(separator: ", "))")
    }
  }
}
