import Foundation
package import SCIM

/// The machine's wall clock: the one place that reads it.
///
/// Everything else takes time as an argument.
package enum SystemClock {
    /// Now.
    package static let now: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }
}
