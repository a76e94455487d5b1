import Dispatch
import Foundation
import Glibc
import TestKit
import Testing

@Suite("What -o may write over") struct OutputTests {
  private func openOptions(_ home: TestHome) -> [String] {
    [
      "--cert", home.keys.encryption.certificate, "--key", home.keys.encryption.key, "--signer-cert", home.processor,
    ]
  }

  private func sealOptions(_ home: TestHome) -> [String] {
    [
      "--signer-cert", home.keys.maker.certificate, "--signer-key", home.keys.maker.key, "--recipient", home.processor,
    ]
  }

  /// The type of what is at a path, a link not followed.
  private func type(_ path: String) throws -> mode_t {
    try #require(FileStatus(ofLink: path)).mode & S_IFMT
  }

  private func inode(_ path: String) throws -> UInt64 {
    try #require(FileStatus(of: path)).inode
  }

  /// A pipe, which stands for every device, and a link to a file.
  private func places(_ home: TestHome) throws -> (pipe: String, link: String, target: String) {
    let pipe = home.directory.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let target = try home.directory.write("precious".utf8, as: "target")
    let link = home.directory.file("link")
    try #require(symlink(target, link) == 0)
    return (pipe, link, target)
  }

  @Test("a pipe or a link is no place for an output of any command, and stays what it is") func noRegularFile() throws {
    let home = try TestHome()
    let (pipe, link, target) = try places(home)
    let result = home.directory.file("result.p7m")
    #expect(try home.process(home.sealed(.payments("B-0", [100])), ["-o", result]).status == 0)
    let document = try home.directory.write(BatchDocument.payments("B-2", [100]).bytes, as: "batch.json")
    for place in [pipe, link] {
      let commands = [
        try ["process", home.sealed(.payments("B-1", [100]))], ["key", "export"], ["open", result] + openOptions(home),
        ["seal", document] + sealOptions(home),
      ]
      for command in commands {
        let execution = try home.run(command + ["-o", place])
        #expect(execution.status == 73, "\(command[0]): \(execution)")
      }
    }
    #expect(try type(pipe) == S_IFIFO)
    #expect(try type(link) == S_IFLNK)
    #expect(try TemporaryDirectory.bytes(of: target) == Array("precious".utf8))
    #expect(try home.balance() == TestHome.funded - 100, "B-1 was not paid")
  }

  @Test("the sealed file is not written over by its own result, under whatever name, and nobody is paid")
  func ownInput() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    let bytes = try TemporaryDirectory.bytes(of: file)
    let other = home.directory.file("other-name.p7m")
    try #require(Glibc.link(file, other) == 0)
    for name in [file, other, home.directory.path + "/./" + URL(filePath: file).lastPathComponent] {
      #expect(try home.process(file, ["-o", name]).status == 64)
    }
    #expect(try TemporaryDirectory.bytes(of: file) == bytes)
    #expect(try home.balance() == TestHome.funded)
    #expect(try home.process(file).status == 0)
  }

  @Test("open does not write over the file that it opens, nor over a key that it opens it with") func openOverInput()
    throws
  {
    let home = try TestHome()
    let result = home.directory.file("result.p7m")
    #expect(try home.process(home.sealed(.payments("B-1", [100])), ["-o", result]).status == 0)
    let bytes = try TemporaryDirectory.bytes(of: result)
    for name in [result, home.keys.encryption.key] {
      #expect(try Program.run(["open", result, "-o", name] + openOptions(home)).status == 64)
    }
    #expect(try TemporaryDirectory.bytes(of: result) == bytes)
    #expect(try Program.run(["open", result] + openOptions(home)).status == 0)
  }

  @Test("seal does not write over its document, its keys or its certificates") func sealOverInput() throws {
    let home = try TestHome()
    let bytes = BatchDocument.payments("B-1", [100]).bytes
    let document = try home.directory.write(bytes, as: "batch.json")
    for name in [document, home.keys.maker.key, home.processor] {
      #expect(try Program.run(["seal", document, "-o", name] + sealOptions(home)).status == 64)
    }
    #expect(try TemporaryDirectory.bytes(of: document) == bytes)
    #expect(try Program.run(["seal", document, "-o", document + ".p7m"] + sealOptions(home)).status == 0)
  }

  @Test("an opened document is its owner's alone, also where a file was that everyone may read") func openMode() throws
  {
    let home = try TestHome()
    let result = home.directory.file("result.p7m")
    #expect(try home.process(home.sealed(.payments("B-1", [100])), ["-o", result]).status == 0)
    let output = try home.directory.write("old".utf8, as: "result.json")
    try #require(chmod(output, 0o644) == 0)
    // Who has the old file open does not see the new one.
    let reader = try FileHandle(forReadingFrom: URL(filePath: output))
    #expect(try Program.run(["open", result, "-o", output] + openOptions(home)).status == 0)
    #expect(try #require(FileStatus(of: output)).mode & 0o7777 == 0o600)
    #expect(try reader.readToEnd() == Data("old".utf8))
    #expect(try JSON(object: TemporaryDirectory.bytes(of: output))["status"].text == "COMPLETED")
    let left = try FileManager.default.contentsOfDirectory(atPath: home.directory.path).filter { $0.hasPrefix(".") }
    #expect(left == [])
  }

  @Test("a file of the home is no place for an output, under whatever name") func fileOfHome() throws {
    let home = try TestHome()
    let file = try home.sealed(.payments("B-1", [100]))
    let link = home.directory.file("keys")
    try #require(symlink("\(home.path)/keys", link) == 0)
    for place in ["\(home.path)/ledger.sqlite", "\(link)/encryption-1.key", "\(home.path)/keys/../disburse.yaml"] {
      let number = try inode(place)
      for command in [["process", file], ["key", "export"], ["open", file]] {
        #expect(try home.run(command + ["-o", place]).status == 64, "\(command[0])")
      }
      #expect(try inode(place) == number)
    }
    #expect(try home.balance() == TestHome.funded)
    // What is new there destroys nothing.
    #expect(try home.run(["key", "export", "-o", "\(home.path)/processor.crt"]).status == 0)
  }

  @Test("an output in a directory that is not there is told as such by every command") func noDirectory() throws {
    let home = try TestHome()
    let document = try home.directory.write(BatchDocument.payments("B-1", [100]).bytes, as: "batch.json")
    let place = home.directory.file("none/there")
    #expect(try Program.run(["seal", document, "-o", place] + sealOptions(home)).status == 73)
    #expect(try home.run(["key", "export", "-o", place]).status == 73)
    #expect(try home.run(["open", home.sealed(.payments("B-1", [100])), "-o", place]).status == 73)
  }
}
