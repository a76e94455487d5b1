import Foundation
import Glibc

/// Speaks HTTP/1.1 over a plain socket, without a library that would mend what it gets.
public enum Loopback {
  /// What came back for one request.
  public struct Answer: Sendable {
    /// The status of the first line.
    public let status: Int
    /// The header, in lower case, with its first line.
    public let header: String
    /// All after the header.
    public let body: String
  }

  /// A connection could not be made or used.
  public struct Failure: Error { let reason: String }

  /// Sends one request without a body and reads up to the end of the connection.
  public static func request(_ path: String, method: String = "GET", port: Int) async throws -> Answer {
    try await send("\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", port: port)
  }

  /// Sends bytes as they are and reads up to the end of the connection.
  public static func send(_ text: String, port: Int) async throws -> Answer {
    // Not on a thread of the tasks: the server that is asked may need it.
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try exchange(text, port: port) }) }
    }
  }

  private static func exchange(_ text: String, port: Int) throws -> Answer {
    let descriptor = try connect(to: "127.0.0.1", port: port)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw Failure(reason: "send")
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !isWhole(answer) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      answer += buffer[..<count]
    }
    let whole = String(decoding: answer, as: UTF8.self)
    guard let end = whole.range(of: "\r\n\r\n") else { throw Failure(reason: "no header: \(whole)") }
    let words = whole.split(separator: " ", maxSplits: 2)
    guard words.count == 3, let status = Int(words[1]) else { throw Failure(reason: whole) }
    return Answer(
      status: status, header: whole[..<end.lowerBound].lowercased(), body: String(whole[end.upperBound...]))
  }

  /// Whether the header is there and so much of a body as it promises.
  private static func isWhole(_ answer: [UInt8]) -> Bool {
    let text = String(decoding: answer, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return false }
    let header = text[..<end.lowerBound].lowercased()
    guard let name = header.range(of: "content-length: ") else { return false }
    let length = Int(header[name.upperBound...].prefix { $0.isNumber }) ?? 0
    return text[end.upperBound...].utf8.count >= length
  }

  private static func connect(to address: String, port: Int) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(reason: "socket") }
    // A test that would wait for ever fails.
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, address, &place.sin_addr)
    let status = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(descriptor)
      throw Failure(reason: "connect: \(String(cString: strerror(errno)))")
    }
    return descriptor
  }
}
