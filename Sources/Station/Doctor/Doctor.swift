public import Batch
import Glibc
import Partners

/// Examines a home: each check by itself, so that one that can't be made keeps none of the others from it.
public enum Doctor {
  /// Examines the home at `path`; mends nothing in it.
  ///
  /// - Parameter deep: whether stores are read through whole, whatever their size.
  /// - Throws: `StationError.noHome` when there is nothing to examine.
  public static func examine(
    homeAt path: String, deep: Bool = false, clock: any WallClock = SystemClock()
  ) async throws(StationError) -> Diagnosis {
    let home = Home(unchecked: path)
    guard FileAccess.isDirectory(home.path), [home.configuration, home.keys].contains(where: FileAccess.exists) else {
      throw .noHome(path: path)
    }
    let patient = await Patient(home, clock: clock, isDeep: deep)
    var results: [CheckResult] = []
    for check in checks { results.append(await check.result(on: patient)) }
    return Diagnosis(results: results)
  }

  private static let checks: [Check] = [
    .configuration, .environment, .permissions, .keys, .vaultKey, .demoKeys, .partners, .operators, .stores, .ledger,
    .batches,
    .spool, .daemon, .fileSystem, .space, .clock, .libcrypto, .sqlite,
  ]
}

/// A home that is examined, with as much of it as could be read.
struct Patient: Sendable {
  let home: Home
  /// Why the configuration can't be read, when it can't.
  let configuration: Result<StationConfiguration, StationError>
  let keys: ProcessorKeys
  let partners: [Result<Partner, PartnersError>]
  let clock: any WallClock
  let isDeep: Bool
  let environment: [String]

  init(_ home: Home, clock: any WallClock, isDeep: Bool) async {
    self.home = home
    self.clock = clock
    self.isDeep = isDeep
    do throws(StationError) {
      configuration = .success(try await StationConfiguration.read(home.configuration))
    } catch {
      configuration = .failure(error)
    }
    let passphraseFile = try? configuration.get().keyPassphraseFile
    keys = ProcessorKeys(
      directory: home.keys, passphraseFile: PassphraseFile.find(configured: passphraseFile, home: home.path))
    let register = PartnerDirectory(path: home.partners)
    partners = ((try? TextFile.names(in: home.partners)) ?? []).filter { $0.hasSuffix(".yaml") }.sorted().map { name in
      Result { () throws(PartnersError) in try register.partner(named: String(name.dropLast(".yaml".count))) }
    }
    environment = Self.environmentNames()
  }

  /// Whether demo keys are what the home is for.
  var allowsDemoKeys: Bool { (try? configuration.get().allowsDemoKeys) ?? false }

  /// How long ago an instant in seconds since the epoch is.
  func age(ofSeconds seconds: Int) -> Int { Int(clock.now().millisecondsSinceEpoch / 1_000) - seconds }

  private static func environmentNames() -> [String] {
    var names: [String] = []
    var entry = environ
    while let text = entry.pointee {
      names.append(String(String(cString: text).prefix { $0 != "=" }))
      entry += 1
    }
    return names
  }
}

/// One check.
struct Check: Sendable {
  let name: String
  /// What it looks at, for the line of a check that finds nothing.
  let scope: String
  let find: @Sendable (Patient) async throws -> [Finding]

  init(_ name: String, _ scope: String, _ find: @escaping @Sendable (Patient) async throws -> [Finding]) {
    self.name = name
    self.scope = scope
    self.find = find
  }

  func result(on patient: Patient) async -> CheckResult {
    do {
      return CheckResult(name: name, scope: scope, findings: try await find(patient))
    } catch {
      return CheckResult(name: name, scope: scope, findings: [Finding(error, about: name)])
    }
  }
}
