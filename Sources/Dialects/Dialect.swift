package import SCIM

/// How one kind of provisioning client departs from the RFC: a value, read by the steps that need it.
///
/// A new quirk is a ``DialectRule`` with its citation and a transcript in the tests, never an `if` in the engine.
package struct Dialect: Sendable {
    /// Which client.
    package let name: Name
    /// Its departures.
    package let rules: Set<DialectRule>

    /// The clients we know.
    package enum Name: String, Sendable, CaseIterable {
        /// Microsoft Entra ID's provisioning service.
        case entra
        /// Okta.
        case okta
        /// Google Workspace.
        case google
        /// OneLogin.
        case onelogin
        /// JumpCloud.
        case jumpcloud
        /// PingOne and PingFederate.
        case ping
        /// A client that keeps to RFC 7644.
        case generic
    }

    /// The dialect of that name.
    package static func named(_ name: Name) -> Dialect {
        Dialect(name: name, rules: Set(DialectRule.allCases.filter { $0.clients.contains(name) }))
    }

    /// Whether the client departs in this way.
    package func has(_ rule: DialectRule) -> Bool {
        rules.contains(rule)
    }

    /// What PATCH must know of the client.
    package var patchRules: PatchRules {
        PatchRules(replaceCreatesMissingTarget: has(.replaceCreatesMissingTarget))
    }
}
