/// The bounds of files that come in.
package enum TransferLimits {
    /// Bytes of a file of learners: a CSV of about half a million.
    package static let learnerFileBytes = 64 * 1024 * 1024
    /// Lines of a file of learners, its header included: more than any tenant has people.
    package static let learnerLines = 1_000_000
    /// Bytes of a line of JSON that is one learner: all of the learner set's attributes at their longest take 13 KiB, and a
    /// directory's export has more than those.
    package static let learnerLineBytes = 64 * 1024
    /// Bytes of one field of a CSV: eight times what an attribute may have, so that a long value is told as such.
    package static let fieldBytes = 8 * 1024
    /// Bytes of a line of an archive: a resource came in as one body of at most 1 MiB, and stands here with more around it.
    package static let archiveLineBytes = 2 * 1024 * 1024
    /// Lines that travel to a gateway in one order: a few commits, and a bar that moves.
    package static let linesAtOnce = 500
    /// Bytes of lines that travel to a gateway in one order, unless a single line has more.
    package static let bytesAtOnce = 4 * 1024 * 1024
    /// Refused lines that are told one by one; further ones are counted: nobody reads more.
    package static let toldLines = 1_000
}
