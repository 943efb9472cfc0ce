import CloudProfiles
import Crypto
import Dialects
import SCIM
import Testing

@testable import Tenancy

@Suite("The pass of a probe")
struct ProbePassTests {
    private let library: LibraryContext
    private let now = Timestamp(milliseconds: 1_795_000_000_000)
    private let token: AccessToken
    private let pass: ProbePass

    init() throws {
        library = try Given.library()
        (token, pass) = ProbePass.made(
            for: .init("main"),
            of: .init("contoso"),
            by: "uid:7",
            in: library,
            now: now,
            seconds: 60
        )
    }

    /// A directory with the pass, in a tenant that lets nobody in but one address.
    private func directory(status: Tenant.Status = .active) throws -> TenantDirectory {
        let connection = Connection(
            id: .init("main"),
            displayName: "Main",
            group: .init("all"),
            dialect: .named(.entra),
            attributes: .learner,
            origin: .file
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
            limits: .init(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2)),
            allowFrom: try .reading(["203.0.113.9"])
        )
        return TenantDirectory(
            profile: .commercial,
            generation: 1,
            tenants: [tenant.id: tenant],
            tokens: [:],
            passes: [token.id: .init(pass: pass, tenant: tenant, connection: connection)]
        )
    }

    private func admitted(_ directory: TenantDirectory, after seconds: Int64 = 0) -> Result<
        TenantScope, AdmissionRefusal
    > {
        Admission.admit(
            authorization: ["Bearer \(token.text)"],
            from: IPAddress("198.51.100.1"),
            directory: directory,
            library: library,
            now: Timestamp(milliseconds: now.milliseconds + seconds * 1_000)
        )
    }

    @Test func `it opens its connection from anywhere, and says who tries it`() throws {
        let scope = try admitted(try directory()).get()

        #expect(scope.connection?.id == .init("main") && scope.operatorName == "probe:uid:7")
    }

    @Test(arguments: [(59, true), (60, false)] as [(Int64, Bool)])
    func `it ends by itself`(seconds: Int64, isLive: Bool) throws {
        let outcome = admitted(try directory(), after: seconds)

        #expect(((try? outcome.get()) != nil) == isLive)
        #expect(pass.isLive(at: Timestamp(milliseconds: now.milliseconds + seconds * 1_000)) == isLive)
    }

    @Test func `it is none of the connection's tokens`() throws {
        let directory = try directory()

        #expect(directory.tokens(of: .init("main"), in: .init("contoso")).isEmpty && directory.tokens.isEmpty)
        #expect(directory.token(token.id)?.prober == "probe:uid:7")
    }

    @Test func `a paused or disabled tenant keeps it out as it does its client`() throws {
        guard case .failure(.paused) = admitted(try directory(status: .paused)) else {
            Issue.record("expected the pause")
            return
        }
        guard case .failure(.unauthorized(.tenantDisabled, _)) = admitted(try directory(status: .disabled))
        else {
            Issue.record("expected the refusal of a disabled tenant")
            return
        }
    }
}
