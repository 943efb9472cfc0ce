import CloudProfiles
import Crypto
import Dialects
import SCIM
import Testing

@testable import Tenancy

@Suite("Admission, RFC 6750 §2.1 and §3.1")
struct AdmissionTests {
    private let library: LibraryContext
    private let token: AccessToken

    init() throws {
        library = try Given.library()
        token = AccessToken.generate(in: library)
    }

    @Test(arguments: ["Bearer ", "bearer ", "BEARER ", "bEaReR   "])
    func `a live token is admitted, whatever the case of its scheme`(_ scheme: String) throws {
        let scope = try admit([scheme + token.text], directory()).get()

        #expect(scope.tenant.id.text == "contoso")
        #expect(scope.connection?.id.text == "main")
        #expect(scope.profile.name == .commercial)
        #expect(scope.tokenID == token.id)
        #expect(scope.targetGroup?.displayName == "All")
        #expect(scope.operatorName == nil)
    }

    @Test func `there must be exactly one Authorization field`() {
        let field = "Bearer " + token.text

        #expect(refusal(of: [], directory()) == .unauthorized(.missing, .init()))
        #expect(refusal(of: [field, field], directory()) == .unauthorized(.repeated, .init()))
    }

    @Test(
        arguments: [
            "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Token TOKEN", "TOKEN", "BearerTOKEN",
            "Bearer\tTOKEN",
            "Bearer TOKEN ", "Bearer TOKEN,TOKEN", "Bearer \"TOKEN\"", "Bearer a b",
            "Bearer Bearer Bearer TOKEN", "Bearer BearerTOKEN x", " Bearer TOKEN",
            "Bearer TOKEN\u{0}", "Bearer é",
        ])
    func `what is no bearer token is malformed`(_ field: String) {
        let field = field.replacing("TOKEN", with: token.text)

        #expect(refusal(of: [field], directory()) == .unauthorized(.malformed, .init()))
    }

    @Test(arguments: ["Bearer Bearer ", "bearer  BEARER  "])
    func `a token with the scheme twice is refused, and told to whom it says it belongs`(_ schemes: String) {
        let whole = refusal(of: [schemes + token.text], directory())
        let cut = refusal(of: [schemes + token.text.dropLast()], directory())
        let unknown = refusal(of: [schemes + AccessToken.generate(in: library).text], directory())

        guard case .unauthorized(.schemeTwice, let claim) = whole else {
            Issue.record("\(String(describing: whole))")
            return
        }
        #expect(claim.tokenID == token.id && claim.tenant?.text == "contoso" && claim.damage == nil)
        #expect(cut?.claim.tenant?.text == "contoso" && cut?.claim.damage != nil)
        #expect(unknown?.claim.tokenID != nil && unknown?.claim.tenant == nil)
    }

    @Test func `a token is looked at up to 512 bytes`() {
        let inside = String(repeating: "a", count: 512)

        #expect(
            refusal(of: ["Bearer " + inside], directory())
                == .unauthorized(.malformed, .init(damage: .notAToken))
        )
        #expect(refusal(of: ["Bearer a" + inside], directory()) == .unauthorized(.malformed, .init()))
    }

    @Test func `a damaged token is told to its tenant`() {
        let cut = "Bearer " + token.text.dropLast(3)
        let mistyped = "Bearer " + token.text.dropLast() + (token.text.last == "a" ? "b" : "a")

        #expect(
            refusal(of: [cut], directory())
                == .unauthorized(.malformed, claim(damage: .tooShort(token.id, missing: 3)))
        )
        #expect(
            refusal(of: [mistyped], directory())
                == .unauthorized(.checksum, claim(damage: .checksum(token.id)))
        )
    }

    @Test func `an unknown token is told by the id that it claims`() {
        let other = AccessToken.generate(in: library)

        #expect(
            refusal(of: ["Bearer " + other.text], directory())
                == .unauthorized(.unknownToken, .init(tokenID: other.id))
        )
    }

    @Test func `a known id with another secret is refused`() {
        let stolen = directory(digest: Array(repeating: 0, count: 32))

        #expect(refusal(of: ["Bearer " + token.text], stolen) == .unauthorized(.wrongSecret, claim()))
    }

    @Test func `a token of another cloud is unknown here`() {
        let other = TenantDirectory(profile: .gccHigh, generation: 1, tenants: [:], tokens: [:])

        #expect(
            refusal(of: ["Bearer " + token.text], other)
                == .unauthorized(.unknownToken, .init(tokenID: token.id))
        )
    }

    @Test func `a token works until the moment it ends or is revoked`() throws {
        let now = Given.now
        let later = Timestamp(milliseconds: now.milliseconds + 1)
        let field = ["Bearer " + token.text]

        _ = try admit(field, directory(expires: later, revoked: later)).get()
        #expect(refusal(of: field, directory(expires: now)) == .unauthorized(.expired, claim()))
        #expect(refusal(of: field, directory(revoked: now)) == .unauthorized(.revoked, claim()))
        #expect(refusal(of: field, directory(expires: now, revoked: now)) == .unauthorized(.revoked, claim()))
    }

    @Test func `a disabled tenant is refused as an unknown token is, a paused one apart`() {
        let field = ["Bearer " + token.text]

        #expect(refusal(of: field, directory(status: .disabled)) == .unauthorized(.tenantDisabled, claim()))
        #expect(refusal(of: field, directory(status: .paused)) == .paused(claim()))
        #expect(
            refusal(of: field, directory(status: .paused, expires: Given.now))
                == .unauthorized(.expired, claim())
        )
    }

    @Test func `the peer's address must be in allow_from, and is asked before the pause is told`() throws {
        let allowed = AllowedSources.networks([try Network("203.0.113.0/28")])
        let field = ["Bearer " + token.text]

        _ = try admit(field, directory(allowFrom: allowed), from: IPAddress("::ffff:203.0.113.15")).get()
        #expect(
            refusal(of: field, directory(allowFrom: allowed), from: IPAddress("203.0.113.16"))
                == .unauthorized(.address, claim())
        )
        #expect(
            refusal(of: field, directory(allowFrom: allowed), from: nil) == .unauthorized(.address, claim())
        )
        #expect(
            refusal(of: field, directory(status: .paused, allowFrom: allowed))
                == .unauthorized(.address, claim())
        )
    }

    // MARK: A token that the connection has shown before

    @Test func `whatever a connection has shown before, a field is judged as if it had shown nothing`() throws
    {
        let (field, other) = ("Bearer " + token.text, AccessToken.generate(in: library).text)
        let fields = [
            field, "bearer " + token.text, "Bearer  " + token.text, "Bearer " + token.text.dropLast(),
            field + "a",
            "Bearer " + other, "Bearer Bearer " + token.text, "Basic dXNlcjpwYXNz", "",
        ]
        let directories = [
            directory(), directory(expires: Given.now), directory(revoked: Given.now),
            directory(status: .paused),
            directory(digest: [UInt8](repeating: 1, count: 32)), directory(allowFrom: .networks([])),
        ]
        let shown = ShownToken()

        for field in fields + fields.reversed() {
            for directory in directories {
                _ = admit("Bearer " + token.text, self.directory(), having: shown)
                let known = admit(field, directory, having: shown)
                let fresh = admit(field, directory, having: nil)
                #expect(Self.outcome(known) == Self.outcome(fresh))
            }
        }
    }

    @Test func `only a token that opens something is kept, and the last one of them`() throws {
        let shown = ShownToken()
        let (first, again) = ("Bearer " + token.text, "bearer " + token.text)

        _ = admit(first, directory(digest: [UInt8](repeating: 1, count: 32)), having: shown)
        #expect(shown.reading(of: first) == nil)
        _ = admit(first, directory(), having: shown)
        #expect(shown.reading(of: first)?.id == token.id)
        #expect(shown.reading(of: first)?.digest == token.digest(in: library))
        _ = admit("Bearer " + AccessToken.generate(in: library).text, directory(), having: shown)
        #expect(shown.reading(of: first) != nil)
        _ = admit(again, directory(), having: shown)
        #expect(shown.reading(of: first) == nil && shown.reading(of: again) != nil)
    }

    private static func outcome(_ result: Result<TenantScope, AdmissionRefusal>) -> String {
        switch result {
        case .success(let scope): "\(scope.tenant.id) \(scope.tokenID?.text ?? "-")"
        case .failure(let refusal): "\(refusal)"
        }
    }

    @Test func `reasons are a closed set of label values`() {
        #expect(
            AdmissionRefusal.Reason.allCases.map(\.rawValue) == [
                "missing", "repeated", "malformed", "bearer_twice", "checksum", "unknown_token",
                "wrong_secret", "expired",
                "revoked", "replaced",
                "tenant_disabled", "address",
            ]
        )
    }

    @Test func `an operator's scope has no connection and says who works`() {
        let tenant = directory().tenants.values.first

        let scope = tenant.map {
            OperatorAccess.scope(tenant: $0, profile: .commercial, operator: "uid 0 (root)")
        }

        #expect(scope?.connection == nil)
        #expect(scope?.tokenID == nil)
        #expect(scope?.operatorName == "uid 0 (root)")
    }
}

extension AdmissionTests {
    private func admit(
        _ fields: [String],
        _ directory: TenantDirectory,
        from peer: IPAddress? = IPAddress("198.51.100.7")
    ) -> Result<TenantScope, AdmissionRefusal> {
        Admission.admit(
            authorization: fields,
            from: peer,
            directory: directory,
            library: library,
            now: Given.now
        )
    }

    private func admit(_ field: String, _ directory: TenantDirectory, having shown: ShownToken?)
        -> Result<TenantScope, AdmissionRefusal>
    {
        Admission.admit(
            authorization: [field],
            from: IPAddress("198.51.100.7"),
            directory: directory,
            library: library,
            now: Given.now,
            shown: shown
        )
    }

    private func refusal(
        of fields: [String],
        _ directory: TenantDirectory,
        from peer: IPAddress? = IPAddress("198.51.100.7")
    ) -> AdmissionRefusal? {
        guard case .failure(let refusal) = admit(fields, directory, from: peer) else { return nil }
        return refusal
    }

    private func claim(damage: TokenDamage? = nil) -> AdmissionRefusal.Claim {
        .init(tokenID: token.id, tenant: .init("contoso"), connection: .init("main"), damage: damage)
    }

    /// A directory of one tenant with one connection and one token.
    private func directory(
        status: Tenant.Status = .active,
        expires: Timestamp? = nil,
        revoked: Timestamp? = nil,
        allowFrom: AllowedSources = .any,
        digest: [UInt8]? = nil
    ) -> TenantDirectory {
        let connection = Connection(
            id: .init("main"),
            displayName: "Main",
            group: .init("all"),
            dialect: .named(.entra),
            attributes: .learner,
            origin: .file,
            allowFrom: allowFrom
        )
        let tenant = Tenant(
            id: .init("contoso"),
            displayName: "Contoso",
            profile: .commercial,
            status: status,
            overlap: .lastWriter,
            groups: [TargetGroup(id: .init("all"), displayName: "All")],
            connections: [connection],
            deletedRetention: .seconds(60),
            limits: .init(requestsPerSecond: 500, burst: 1000, queueTime: .seconds(2))
        )
        let record = TokenRecord(
            id: token.id,
            digest: digest ?? token.digest(in: library),
            tenant: tenant.id,
            connection: connection.id,
            created: nil,
            expires: expires,
            revoked: revoked,
            origin: .file
        )
        let entry = TenantDirectory.Entry(record: record, tenant: tenant, connection: connection)
        return TenantDirectory(
            profile: .commercial,
            generation: 1,
            tenants: [tenant.id: tenant],
            tokens: [token.id: entry]
        )
    }
}
