package import Crypto
package import SCIM

/// Decides who may come in: listener's profile + bearer token + address → ``TenantScope``.
///
/// A pure function.
package enum Admission {
    /// Compared when no token has the id shown, so that an unknown id takes the way of a known one.
    ///
    /// No token can have it: nothing is known to hash to zeros.
    private static let noDigest = [UInt8](repeating: 0, count: 32)

    /// Admits the holder of a token, or tells why not.
    ///
    /// Takes the values of all Authorization fields of the request, the address of the other end
    /// (nil when it has none), the directory of the listener's profile and the library context of
    /// the same profile, and the moment that decides whether the token has ended. `shown` is what the
    /// connection has shown before, if that is known.
    package static func admit(
        authorization fields: [String],
        from peer: IPAddress?,
        directory: TenantDirectory,
        library: LibraryContext,
        now: Timestamp,
        shown: ShownToken? = nil
    ) -> Result<TenantScope, AdmissionRefusal> {
        do throws(AdmissionRefusal) {
            let field = try field(fields)
            let known = shown?.reading(of: field)
            let token: ShownToken.Reading
            if let known { token = known } else { token = try reading(of: field, directory, library) }
            let entry = try entry(for: token, directory)
            if known == nil { shown?.keep(field, token) }
            try checkLife(of: entry, now)
            try checkTenant(of: entry, peer)
            return .success(
                TenantScope(
                    tenant: entry.tenant,
                    connection: entry.connection,
                    profile: directory.profile,
                    tokenID: token.id,
                    tokenUse: entry.life.use,
                    tally: entry.tally,
                    operatorName: entry.prober
                )
            )
        } catch {
            return .failure(error)
        }
    }

    private static func field(_ fields: [String]) throws(AdmissionRefusal) -> String {
        guard let field = fields.first else { throw .unauthorized(.missing, .init()) }
        guard fields.count == 1 else { throw .unauthorized(.repeated, .init()) }
        return field
    }

    private static func reading(
        of field: String,
        _ directory: TenantDirectory,
        _ library: LibraryContext
    ) throws(AdmissionRefusal) -> ShownToken.Reading {
        guard let text = BearerCredentials.token(in: field) else { throw refusal(of: field, directory) }
        do throws(TokenDamage) {
            let token = try AccessToken.parse(text)
            return ShownToken.Reading(id: token.id, digest: token.digest(in: library))
        } catch {
            throw .unauthorized(reason(for: error), claim(of: error, directory))
        }
    }

    /// What is told of a field that holds no token: of one with the scheme twice, whose it is.
    private static func refusal(of field: String, _ directory: TenantDirectory) -> AdmissionRefusal {
        guard let text = BearerCredentials.tokenBehindTwoSchemes(in: field) else {
            return .unauthorized(.malformed, .init())
        }
        do throws(TokenDamage) {
            let id = try AccessToken.parse(text).id
            guard let entry = directory.token(id) else {
                return .unauthorized(.schemeTwice, .init(tokenID: id))
            }
            return .unauthorized(.schemeTwice, claim(of: entry))
        } catch {
            return .unauthorized(.schemeTwice, claim(of: error, directory))
        }
    }

    private static func entry(
        for token: ShownToken.Reading,
        _ directory: TenantDirectory
    ) throws(AdmissionRefusal) -> TenantDirectory.Entry {
        let entry = directory.token(token.id)
        let isSame = ConstantTime.isEqual(token.digest, entry?.life.record.digest ?? noDigest)
        guard let entry else { throw .unauthorized(.unknownToken, .init(tokenID: token.id)) }
        guard isSame else { throw .unauthorized(.wrongSecret, claim(of: entry)) }
        return entry
    }

    private static func checkLife(of entry: TenantDirectory.Entry, _ now: Timestamp) throws(AdmissionRefusal)
    {
        guard let end = entry.life.end, end.moment <= now else { return }
        switch end.cause {
        case .revoked: throw .unauthorized(.revoked, claim(of: entry))
        case .replaced: throw .unauthorized(.replaced, claim(of: entry))
        case .expired: throw .unauthorized(.expired, claim(of: entry))
        }
    }

    /// The address comes before the pause: a stranger must not learn that the tenant is paused.
    private static func checkTenant(of entry: TenantDirectory.Entry, _ peer: IPAddress?)
        throws(AdmissionRefusal)
    {
        guard entry.tenant.status != .disabled else { throw .unauthorized(.tenantDisabled, claim(of: entry)) }
        guard entry.gate.allows(peer) else { throw .unauthorized(.address, claim(of: entry)) }
        guard entry.tenant.status != .paused else { throw .paused(claim(of: entry)) }
    }

    private static func reason(for damage: TokenDamage) -> AdmissionRefusal.Reason {
        if case .checksum = damage { return .checksum }
        return .malformed
    }

    private static func claim(of entry: TenantDirectory.Entry) -> AdmissionRefusal.Claim {
        .init(tokenID: entry.record.id, tenant: entry.tenant.id, connection: entry.connection.id)
    }

    private static func claim(of damage: TokenDamage, _ directory: TenantDirectory) -> AdmissionRefusal.Claim
    {
        let entry = damage.tokenID.flatMap { directory.token($0) }
        return .init(
            tokenID: damage.tokenID,
            tenant: entry?.tenant.id,
            connection: entry?.connection.id,
            damage: damage
        )
    }
}

/// The Authorization field of RFC 6750 §2.1: `Bearer` in any case, spaces, one token.
enum BearerCredentials {
    /// Bytes of the token, at most.
    ///
    /// Ours have 62; a longer text is not even looked at.
    static let maximumTokenBytes = 512

    private static let scheme = Array("bearer".utf8)

    /// The token; nil unless the field holds exactly that, of the characters that RFC 6750 calls
    /// b64token.
    static func token(in field: String) -> String? {
        // Byte by byte in place: every request comes through here.
        let bytes = field.utf8.span
        guard bytes.count > scheme.count else { return nil }
        for index in scheme.indices {
            guard TextOrder.asciiLowercased(bytes[index]) == scheme[index] else { return nil }
        }
        var start = scheme.count
        while start < bytes.count, bytes[start] == UInt8(ascii: " ") { start += 1 }
        guard start > scheme.count, start < bytes.count, bytes.count - start <= maximumTokenBytes else {
            return nil
        }
        for index in start..<bytes.count where !isAllowed(bytes[index]) { return nil }
        return String(field.utf8.dropFirst(start))
    }

    /// The token of a field whose token has the scheme in front once more: `Bearer Bearer sgw_…`.
    static func tokenBehindTwoSchemes(in field: String) -> String? {
        guard field.utf8.count <= 2 * (scheme.count + 1) + maximumTokenBytes,
            TextOrder.isSameName(field.utf8.prefix(scheme.count), scheme)
        else { return nil }
        let rest = field.utf8.dropFirst(scheme.count)
        guard rest.first == UInt8(ascii: " ") else { return nil }
        return token(in: String(Substring(rest.drop { $0 == UInt8(ascii: " ") })))
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        // Nearly all of them are digits.
        if Base62.isDigit(byte) { return true }
        return switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
            UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
