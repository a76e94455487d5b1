import FoundationEssentials

/// Small files that are read whole: certificates, keys, documents from an operator's hand.
enum TextFile {
  static func read(_ path: String) throws(StationError) -> [UInt8] {
    do { return try Array(Data(contentsOf: URL(filePath: path))) } catch {
      throw .unreadable(path: path, reason: Self.reason(error))
    }
  }

  static func names(in directory: String) throws(StationError) -> [String] {
    do { return try FileManager.default.contentsOfDirectory(atPath: directory) } catch {
      throw .unreadable(path: directory, reason: Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    return switch error.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: "it does not exist"
    case .fileReadNoPermission: "permission denied"
    default: "\(error)"
    }
  }
}
