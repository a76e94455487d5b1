import ArgumentParser
import CLinux
import CMalloc
import Glibc
import Station

/// The command line. It holds no logic: it reads words, calls the station, and shows what comes back.
@main
struct Disburse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disburse",
    abstract: "Pays sealed batches of social cash transfers and answers with sealed results.",
    discussion: """
      A partner seals a batch with openssl; disburse opens and checks it, pays every instruction through a wallet, or \
      issues its vouchers, and seals the answer to the partner.

      EXAMPLE
        disburse init /var/lib/disburse --processor-id treasury-disburse
        disburse key export -o processor.crt
        disburse partner add social-registry \\
          --signing-cert maker.crt --encryption-cert partner.crt
        disburse wallet fund social-registry 5000000 RWF
        disburse process batch.p7m -o result.p7m

      EXIT STATUS
        0 all done; 2 done, some instructions failed; 64 usage; 65 the batch was rejected; 69 the wallet is not \
      available, the batch can be resumed; 73 an output cannot be written; 74 input/output error; 77 not permitted; \
      78 configuration
      """,
    version: "0.1.0",
    subcommands: [
      InitCommand.self, KeyCommand.self, PartnerCommand.self, OperatorCommand.self, WalletCommand.self,
      VoucherCommand.self,
      BeneficiaryCommand.self, SealCommand.self, OpenCommand.self, CheckCommand.self, ProcessCommand.self,
      RunCommand.self, BatchCommand.self, PaymentsCommand.self, AuditCommand.self, DoctorCommand.self,
    ])

  static func main() async {
    forbidDumps()
    // A reader of our output that goes away is an error to report, not a reason to die in the middle of a batch.
    signal(SIGPIPE, SIG_IGN)
    // glibc gives each thread an arena of its own; what one thread allocates and another frees stays in it. Records go
    // from thread to thread here, and with an arena for each a million of them held twice the memory.
    mallopt(M_ARENA_MAX, 3)
    // Before the first store is opened: later it has no effect.
    _ = disableSQLiteMemoryStatistics()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      try Output.check()
    } catch {
      Failure.exit(with: error)
    }
  }

  /// The memory of a process that opens keys goes to no core file, and to no other process of the same user.
  ///
  /// Both: a core that is piped to a program ignores the limit (core(5)), and a limit outlives what may reset the other.
  private static func forbidDumps() {
    _ = disburse_forbid_dumps()
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
