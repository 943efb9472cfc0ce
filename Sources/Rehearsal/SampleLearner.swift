/// A learner whom nobody is: what a rehearsal provisions.
///
/// The names are under `.invalid`, which no mail ever reaches (RFC 2606).
package struct SampleLearner: Sendable, Equatable {
    /// An address, as Entra sends a user principal name.
    package let userName: String
    /// A GUID, as Entra sends an object id.
    package let externalID: String
    let givenName: String
    let familyName: String
    let department: String
    let employeeNumber: String

    /// The domain of learners who are provisioned in numbers: by it they are found again.
    package static let simulatedDomain = "simulate.invalid"
    /// The most that have a name of their own: see ``simulated(_:externalID:)``.
    package static let mostSimulated = 100_000

    /// The one learner of a probe; both GUIDs are random, so that nobody's name or tombstone is in the way.
    package static func probe(name: String, externalID: String) -> SampleLearner {
        SampleLearner(
            userName: "probe.\(name)@probe.invalid",
            externalID: externalID,
            givenName: "Probe",
            familyName: "Learner",
            department: "Probes",
            employeeNumber: "1"
        )
    }

    /// The learner of that number, 1 and up: the same name in each run, so that a later one finds who is there, as Entra
    /// does after "Restart provisioning".
    package static func simulated(_ number: Int, externalID: String) -> SampleLearner {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        return SampleLearner(
            userName: "learner-\(padded)@\(simulatedDomain)",
            externalID: externalID,
            givenName: "Learner",
            familyName: "Number \(number)",
            department: "Rehearsal \(number % 10)",
            employeeNumber: "S\(padded)"
        )
    }
}
