/// How much one PATCH may ask.
package enum PatchLimits {
    /// Operations in one request.
    ///
    /// Clients send one for each attribute that changed, or for each member.
    package static let operations = 1_000
    /// Comparisons with values of lists in one request: about a second's work.
    ///
    /// Without it, 1,000 paths of 8 KiB over a list of 20,000 values would hold a worker for minutes.
    package static let comparisons = 10_000_000
}
