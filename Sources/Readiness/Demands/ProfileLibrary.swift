package import CloudProfiles
import Configuration
package import Crypto
package import Tenancy

/// A profile's library context, made as the profile and the settings demand.
package enum ProfileLibrary {
    /// What came of making one.
    package enum Making {
        /// The context, and what the operator should hear at every start; nil is nothing.
        case made(LibraryContext, attention: String?)
        /// The profile demands the FIPS module, and it is not to be had: why, and how to mend it.
        case notMet(String)
        /// OpenSSL itself does not work.
        case failed(CryptoError)
    }

    /// Makes one.
    ///
    /// `required` is the module or nothing; `preferred` is the module when it is there and works; `off` is OpenSSL's
    /// ordinary algorithms.
    package static func made(for name: CloudProfile.Name, _ fips: GatewaySettings.FIPS) -> Making {
        guard fips.demand != .off else { return ordinary(name, attention: fips.loosened.map { "\($0)" }) }
        guard let file = fips.configFile else {
            guard fips.demand == .required else { return ordinary(name, attention: nil) }
            return .notMet(
                "it demands a FIPS module, and no fips_config names one. Install a validated module by openssl "
                    + "fipsinstall, and write under profiles: {\(name.rawValue): {fips_config: FILE}}; or, to run "
                    + "without, {fips: off, fips_off_reason: TEXT}"
            )
        }
        do throws(CryptoError) {
            return .made(
                try LibraryContext(name: name.rawValue, in: FIPSModule(configFile: file.value)),
                attention: nil
            )
        } catch {
            guard error.code == .noFIPSModule else { return .failed(error) }
            let reasons = error.opensslReasons.joined(separator: "; ")
            let reason = "the FIPS module of \(file.place.fileAndLine) cannot be used (\(reasons))"
            guard fips.demand == .required else {
                return ordinary(name, attention: "\(reason): OpenSSL's ordinary algorithms serve instead")
            }
            return .notMet(
                "\(reason). Bring the module as its maker delivered it, run openssl fipsinstall for it on this machine, "
                    + "and look again: scim-gateway fips-check"
            )
        }
    }

    private static func ordinary(_ name: CloudProfile.Name, attention: String?) -> Making {
        do throws(CryptoError) {
            return .made(try LibraryContext(name: name.rawValue), attention: attention)
        } catch {
            return .failed(error)
        }
    }
}
