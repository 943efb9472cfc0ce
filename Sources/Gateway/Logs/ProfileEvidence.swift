import CloudProfiles
import Crypto
package import Logging
import Readiness

extension GatewayCore {
    /// Tells what came of the profiles' demands at the start: evidence of what runs, and what is missing.
    ///
    /// ```
    /// {"level":"notice","message":"FIPS provider active","event":"fips.active","fips.version":"3.1.2",…}
    /// {"level":"debug","message":"FIPS self-test passed","event":"fips.self_test","fips.test":"KAT_Cipher AES_GCM",…}
    /// ```
    package func tellEvidence(_ logger: Logger) {
        for demand in notMet {
            logger.critical(
                "\(demand)",
                metadata: ["event": "profile.not_met", "scim.profile": "\(demand.profile.rawValue)"]
            )
        }
        for runtime in runtimes {
            guard let evidence = runtime.library.fips else { continue }
            let profile: Logger.MetadataValue = "\(runtime.profile.name.rawValue)"
            logger.notice(
                "FIPS provider active",
                metadata: [
                    "event": "fips.active", "scim.profile": profile, "fips.provider": .string(evidence.name),
                    "fips.version": .string(evidence.version),
                    "fips.self_tests": .stringConvertible(evidence.selfTests.count),
                ]
            )
            for test in evidence.selfTests {
                logger.debug(
                    "FIPS self-test passed",
                    metadata: [
                        "event": "fips.self_test", "scim.profile": profile,
                        "fips.test": .string("\(test.kind) \(test.subject)"),
                    ]
                )
            }
        }
    }
}
