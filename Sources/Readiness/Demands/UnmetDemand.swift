package import CloudProfiles

/// What a profile demands and does not get: shouted at start, by `status`, and to whoever works offline.
package struct UnmetDemand: Sendable, Equatable, CustomStringConvertible {
    /// Whose demand it is.
    package let profile: CloudProfile.Name
    /// Whether the profile is served all the same.
    package let isServed: Bool
    /// What is missing, with the place in a file as far as there is one, and how to mend it.
    package let reason: String

    /// A demand of a profile, and why it is not met.
    package init(profile: CloudProfile.Name, isServed: Bool, reason: String) {
        self.profile = profile
        self.isServed = isServed
        self.reason = reason
    }

    /// The whole sentence: `profile gcc-high: NOT MET: FIPS (gateway.yaml:23: no module here)`.
    package var description: String {
        "profile \(profile.rawValue)\(isServed ? "" : " is not served"): \(reason)"
    }
}
