import ArgumentParser

/// Exit codes by meaning (sysexits.h where it has one), as scripts test them.
extension ExitCode {
    /// The running gateway, or the desk on its files, refused the order.
    static let refused = ExitCode(2)
    /// A check found something that is not as it should be.
    static let problems = ExitCode(3)
    /// No gateway runs, or another process holds the files.
    static let notRunning = ExitCode(69)
    /// The user who runs the command may not do that.
    static let notAllowed = ExitCode(77)
    /// The settings or a tenant file is wrong.
    static let configuration = ExitCode(78)
}
