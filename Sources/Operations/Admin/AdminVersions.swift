import Gateway
import HTTPTypes

/// How the two ends of the admin socket, which may be of different versions, find out and tell.
///
/// Each names its program, as `Server` and `User-Agent`, and the version of the operations stands in their paths. Within
/// one version of the operations, fields and operations are only added.
enum AdminVersions {
    /// `scim-gateway/0.1.0`.
    static let product = "scim-gateway/\(ProgramVersion.text)"

    /// The version out of what the other end calls itself; nil when it is not this program.
    static func version(of product: String?) -> String? {
        guard let product, product.hasPrefix("scim-gateway/") else { return nil }
        return String(product.dropFirst("scim-gateway/".count))
    }

    /// What to do when the versions do not fit.
    static let remedy =
        "use the scim-gateway program that the gateway runs, or restart the gateway with this one"

    /// An answer, or the lack of one, that a command of this version cannot use.
    static func mismatch(_ what: String, gateway product: String?) -> AdminMessages.Problem {
        let running = version(of: product) ?? "of an unknown version"
        return .init(
            type: type,
            title: "Versions differ",
            status: 505,
            detail: "\(what): the gateway that runs is scim-gateway \(running), this command is "
                + "\(ProgramVersion.text); \(remedy)"
        )
    }

    static let type = "/help/admin-version"
}

extension AdminMessages.Problem {
    /// 404: this version of the program has no such operation; told with both versions, as the command may be newer.
    static func unknownOperation(_ method: HTTPRequest.Method, _ path: String, client: String?) -> Self {
        let operations = path.split(separator: "/").first.map(String.init) ?? ""
        let own = AdminMessages.Version.current
        let asker = AdminVersions.version(of: client).map { ", and the command is \($0)" } ?? ""
        guard operations == own.operations || !operations.isVersion else {
            return .init(
                type: AdminVersions.type,
                title: "Versions differ",
                status: 404,
                detail:
                    "the gateway that runs (scim-gateway \(own.version)) speaks \(own.operations) of the admin socket, "
                    + "not \(operations)\(asker); use the scim-gateway program that the gateway runs, or restart the "
                    + "gateway with the newer one"
            )
        }
        return .notFound(
            "the gateway that runs (scim-gateway \(own.version)) has no operation \(method) \(path)\(asker)"
        )
    }
}

extension String {
    /// `v2`.
    fileprivate var isVersion: Bool {
        hasPrefix("v") && count > 1
            && dropFirst().utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
