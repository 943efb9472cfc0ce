import ArgumentParser
import Configuration
import Operations
import Tenancy

/// How a new token is shown: the secret alone on stdout, so that scripts can keep it.
enum TokenOutput {
    /// Shows a token, once; of one that would be made, only whose it is and when it would end.
    static func show(_ made: AdminMessages.MadeToken) {
        let group = made.group.map { " (group \($0))" } ?? ""
        guard !made.token.isEmpty else {
            let end = made.replaces.map { ", in place of \($0)" } ?? ""
            return Output.result(
                "A token for \(made.tenant)/\(made.connection)\(group) would be made, to end \(made.expires.prefix(10))\(end)."
            )
        }
        Output.result(made.token)
        if let yaml = made.yaml { Output.result(yaml) }
        Output.remark(
            "Token \(made.tokenID) for \(made.tenant)/\(made.connection)\(group), ends \(made.expires.prefix(10))."
        )
        Output.remark("It is shown only now.")
        Output.remark(
            "  Tenant URL    \(made.tenantURL ?? "no listener of this profile is set up in the settings")"
        )
        if made.yaml == nil {
            Output.remark("  Secret token  the line above")
            Output.remark("  Next          scim-gateway tenant guide \(made.tenant)/\(made.connection)")
            Output.remark(
                "                scim-gateway activity \(made.tenant) --follow  (watch for the test)"
            )
        } else {
            Output.remark(
                """
                  Secret token  the first line above
                  File          the other lines go under tokens: of this connection in the tenant's file, indented like its \
                neighbours; then: scim-gateway reload. Until then the token opens nothing.
                """
            )
        }
    }
}

/// A duration of the command line: `365d`, `12h`.
struct Lifetime {
    /// The duration in seconds.
    let seconds: Int64

    /// How long an old token works beside its successor, unless told otherwise.
    static let fortnight = Lifetime(seconds: 14 * 86_400)

    /// Reads a number with a unit.
    static func reading(_ text: String) throws -> Lifetime {
        do throws(DurationText.Problem) {
            return Lifetime(seconds: try DurationText.duration(text).components.seconds)
        } catch {
            throw ValidationError(error.sentence)
        }
    }
}

/// TENANT/CONNECTION as an argument.
struct ConnectionName {
    /// The tenant's name.
    let tenant: String
    /// The connection's name.
    let connection: String

    /// Reads both names; whether they exist is the desk's to say.
    static func reading(_ text: String) throws -> ConnectionName {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ValidationError("write TENANT/CONNECTION, such as contoso/head-office")
        }
        return ConnectionName(tenant: parts[0], connection: parts[1])
    }
}
