/// The bounds of what the learner set stores: rows and look-up columns stay small, whatever a
/// client maps.
package enum LearnerLimits {
    /// Bytes of UTF-8 in a `userName`: 64 before the `@`, 255 behind it (RFC 5321 §4.5.3.1).
    package static let userNameBytes = 320
    /// Bytes of UTF-8 in every other string: no directory attribute that it maps is longer.
    package static let stringBytes = 1_024
}
