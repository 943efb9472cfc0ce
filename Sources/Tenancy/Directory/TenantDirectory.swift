package import CloudProfiles
internal import SCIM

/// All tenants of one cloud profile and all tokens that open them: an immutable snapshot.
///
/// Requests of a profile's listener meet that profile's directory only: a token of another cloud is
/// not in it, and so is unknown there.
package struct TenantDirectory: Sendable {
    /// Whose tenants these are.
    package let profile: CloudProfile
    /// Which load of the files made this; counts from 1.
    package let generation: Int
    /// The tenants, paused and disabled ones included.
    package let tenants: [Tenant.ID: Tenant]
    /// The tokens, ended and revoked ones included: their holders' attempts are told to their
    /// tenant.
    package let tokens: [AccessToken.ID: Entry]
    /// Tokens of probes: they open a connection as its own do, and are counted and listed nowhere.
    package let passes: [AccessToken.ID: Entry]
    /// How many requests of each tenant there were.
    package let tallies: [Tenant.ID: TenantTally]
    /// The networks of Entra in the profile's cloud; nil before they are taken from a file.
    package let networks: NetworkList?

    /// A token and what it opens.
    package struct Entry: Sendable {
        /// The token.
        package let life: TokenLife
        /// The tenant that it opens.
        package let tenant: Tenant
        /// The connection of that tenant.
        package let connection: Connection
        /// From which addresses it may be used.
        package let gate: SourceGate
        /// Where the tenant's requests are counted; nil for a token of a probe.
        package let tally: TenantTally?
        /// Who asked for it, for a token of a probe; nil for a client's.
        package let prober: String?

        /// A token of a connection.
        ///
        /// Takes the networks of Entra in the profile's cloud, for the lists that name them.
        package init(
            life: TokenLife,
            tenant: Tenant,
            connection: Connection,
            entra: NetworkSet? = nil,
            tally: TenantTally? = nil
        ) {
            self.life = life
            self.tally = tally
            self.tenant = tenant
            self.connection = connection
            gate = SourceGate(
                [tenant.allowFrom, connection.allowFrom, life.record.allowFrom],
                entra: entra
            )
            prober = nil
        }

        /// A token of a probe of that connection.
        ///
        /// A probe comes from where its operator is, whatever the lists say that let Entra in.
        package init(pass: ProbePass, tenant: Tenant, connection: Connection) {
            life = TokenLife(pass.record)
            self.tenant = tenant
            self.connection = connection
            gate = SourceGate([], entra: nil)
            tally = nil
            prober = pass.prober
        }

        /// A token of a connection that was never used.
        package init(record: TokenRecord, tenant: Tenant, connection: Connection) {
            self.init(life: TokenLife(record), tenant: tenant, connection: connection)
        }

        /// The token's record.
        package var record: TokenRecord { life.record }
    }

    /// A directory of these tenants and tokens.
    package init(
        profile: CloudProfile,
        generation: Int,
        tenants: [Tenant.ID: Tenant],
        tokens: [AccessToken.ID: Entry],
        passes: [AccessToken.ID: Entry] = [:],
        tallies: [Tenant.ID: TenantTally] = [:],
        networks: NetworkList? = nil
    ) {
        self.profile = profile
        self.generation = generation
        self.tenants = tenants
        self.tokens = tokens
        self.passes = passes
        self.tallies = tallies
        self.networks = networks
    }

    /// Whether something is allowed from the networks of Entra.
    package var namesEntra: Bool {
        tenants.values.contains { tenant in
            tenant.allowFrom.namesEntra || tenant.connections.contains { $0.allowFrom.namesEntra }
        } || tokens.values.contains { $0.record.allowFrom.namesEntra }
    }

    /// The tenant of that name.
    package func tenant(_ id: Tenant.ID) -> Tenant? { tenants[id] }

    /// The token with that public id, a probe's among them.
    package func token(_ id: AccessToken.ID) -> Entry? { tokens[id] ?? passes[id] }

    /// The tokens of one connection, the oldest first; those of files, whose making is not known,
    /// before them.
    package func tokens(of connection: Connection.ID, in tenant: Tenant.ID) -> [TokenRecord] {
        lives(of: connection, in: tenant).map(\.record)
    }

    /// The same tokens with their uses.
    package func lives(of connection: Connection.ID, in tenant: Tenant.ID) -> [TokenLife] {
        let lives = tokens.values.map(\.life).filter {
            $0.record.connection == connection && $0.record.tenant == tenant
        }
        return lives.sorted { left, right in
            (left.record.created?.milliseconds ?? .min, left.record.id.text) < (
                right.record.created?.milliseconds ?? .min, right.record.id.text
            )
        }
    }

    /// The life of a token that the control database keeps, whether it opens anything here or not.
    package func life(of record: TokenRecord) -> TokenLife {
        tokens[record.id]?.life ?? TokenLife(record)
    }
}
