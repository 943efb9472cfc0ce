package import CloudProfiles
package import Configuration

/// The settings of the whole process, as `gateway.yaml` gives them, checked.
///
/// Paths are resolved against the file's folder.
package struct GatewaySettings: Sendable {
    /// Where clients come in; at least one.
    package let listeners: [Listener]
    /// What is changed of the built-in profiles; see ``fips(of:)``.
    let changedProfiles: [CloudProfile.Name: FIPS]
    /// The admin socket's path, at most ``TenancyLimits/socketPathBytes``.
    package let adminSocket: String
    /// Where figures and health are to be served; nil is nowhere.
    package let metricsAddress: ListenAddress?
    /// Where the tenant files are.
    package let tenants: TenantFolder
    /// Where learners are kept.
    package let storage: Storage
    /// Bounds of the process.
    package let limits: Limits
    /// What is logged.
    package let log: Log
    /// How long the activity log is to keep its entries.
    package let activityRetention: Duration
    /// The file that the settings were read from.
    package let path: String
    /// Its values, and what holds where it says nothing.
    package let listing: [WrittenValue]
    /// The variables that `${env:…}` may name, here and in tenant files.
    let environment: [String: String]
    /// The values that are not in the file itself, to see whether they have changed.
    let outsideValues: [String]

    /// One address where clients of one profile come in.
    package struct Listener: Sendable {
        /// The cloud profile of whoever comes in here.
        package let profile: Placed<CloudProfile.Name>
        /// The address to listen on.
        package let address: Placed<ListenAddress>
        /// What clients call.
        package let publicURL: Placed<PublicURL>
        /// Host names that are served, in lower case, IPv6 addresses in brackets; empty is any.
        package let hosts: [Placed<String>]
        /// The path of the certificate with its chain.
        package let certificate: Placed<String>
        /// The path of its private key.
        package let key: Placed<String>
        /// The path of an OCSP response about the certificate; nil when none is stapled.
        package let ocspResponse: Placed<String>?
        /// Whether clients must show certificates.
        package let clientCertificates: ClientCertificates
        /// Who may tell the client's address.
        package let proxy: Proxy

        /// The host names alone.
        package var hostNames: [String] { hosts.map(\.value) }

        /// Whether both come in at one address; port 0 is another port each time.
        package func sharesAddress(with other: Listener) -> Bool {
            address.value == other.address.value && address.value.port != 0
        }
    }

    /// What a listener asks of its clients besides a token: mutual TLS.
    package struct ClientCertificates: Sendable {
        /// Whether they are asked.
        package let mode: Mode
        /// The path of the certificates of those whose clients are let in; nil only while nobody is
        /// asked.
        package let authorities: Placed<String>?

        /// Whether clients must show certificates.
        package enum Mode: String, CaseIterable, Sendable {
            /// Nobody is asked.
            case off
            /// A client may show one, which must be right then.
            case optional
            /// Nobody comes in without one.
            case required
        }
    }

    /// Who may tell a listener the address of a client that is behind it: the PROXY protocol.
    package struct Proxy: Sendable, Equatable {
        /// Whether somebody does.
        package let mode: Mode
        /// The networks of those who are believed.
        package let trusted: [Network]

        /// Whether load balancers in front tell the client's address.
        package enum Mode: String, CaseIterable, Sendable {
            /// The connection comes from the client.
            case off
            /// A load balancer may tell, or come without a word.
            case optional
            /// Nobody comes in but load balancers that tell.
            case required
        }
    }

    /// What is demanded of a profile's cryptography, after what the file says.
    package struct FIPS: Sendable {
        /// The demand that holds.
        package let demand: CloudProfile.FIPSDemand
        /// How a demand that is built in was loosened; nil when it was not.
        package let loosened: Loosened?
        /// The path of the module's own file; nil when none is named.
        package let configFile: Placed<String>?

        /// A demand, how a file loosened it, and the module that is to meet it.
        package init(
            demand: CloudProfile.FIPSDemand,
            loosened: Loosened? = nil,
            configFile: Placed<String>? = nil
        ) {
            self.demand = demand
            self.loosened = loosened
            self.configFile = configFile
        }

        /// What a profile demands when no file says more.
        package static func builtIn(_ name: CloudProfile.Name) -> FIPS {
            FIPS(demand: CloudProfile.named(name).fips)
        }

        /// A built-in demand that a file loosened.
        package struct Loosened: Sendable, CustomStringConvertible {
            /// Where the file says `fips: off`.
            package let place: FilePlace
            /// Why, in the operator's words.
            package let reason: String

            /// What start, `status` and `profiles show` shout: `NOT MET: FIPS (gateway.yaml:23: no
            /// module here)`.
            package var description: String { "NOT MET: FIPS (\(place.fileAndLine): \(reason))" }
        }
    }

    /// Where the tenant files are.
    package struct TenantFolder: Sendable, Equatable {
        /// The folder's path.
        package let directory: String
        /// Whether changed files are taken over by themselves.
        package let isWatched: Bool

        /// Whether a file of that name is a tenant's, or looks like one.
        package static func looks(at name: String) -> Bool {
            !name.hasPrefix(".") && !name.hasPrefix("_")
                && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
        }
    }

    /// Where learners are kept.
    ///
    /// The engine is SQLite.
    package struct Storage: Sendable, Equatable {
        /// The data folder's path.
        package let directory: String
        /// Tenants whose databases are open at the same time, at most.
        package let openTenants: Int
    }

    /// Bounds of the process.
    package struct Limits: Sendable, Equatable {
        /// What a tenant may ask for whose file says nothing else.
        package let tenant: TenantLimits
        /// Bytes of one request's body, 64 KiB…1 MiB.
        package let bodyBytes: Int
        /// Resources of one page, 100…1,000.
        package let pageSize: Int
        /// TCP connections at the same time.
        package let connections: Int
        /// Those of one address, of IPv6 of one /64; nil when the file does not say.
        package let connectionsPerAddress: Int?
    }

    /// What is logged.
    package struct Log: Sendable, Equatable {
        /// The least important lines that are written.
        package let level: Level
        /// Their form.
        package let format: Format

        /// How important a line is; swift-log's words.
        package enum Level: String, Sendable, CaseIterable {
            /// Every step.
            case trace
            /// For finding faults.
            case debug
            /// One line a request.
            case info
            /// What an operator wants to see.
            case notice
            /// What may become a fault.
            case warning
            /// What failed.
            case error
            /// What ends the process or loses something.
            case critical
        }

        /// The form of a line.
        package enum Format: String, Sendable, CaseIterable {
            /// Text on a terminal, JSON elsewhere.
            case auto
            /// One JSON object a line.
            case json
            /// For people.
            case text
        }
    }

    /// The cloud profiles that some listener serves.
    package var servedProfiles: Set<CloudProfile.Name> { Set(listeners.map(\.profile.value)) }

    /// What is demanded of a profile's cryptography: what the file says, else what is built in.
    package func fips(of name: CloudProfile.Name) -> FIPS {
        changedProfiles[name] ?? .builtIn(name)
    }

    /// Settings of these parts.
    init(
        listeners: [Listener],
        changedProfiles: [CloudProfile.Name: FIPS],
        adminSocket: String,
        metricsAddress: ListenAddress?,
        tenants: TenantFolder,
        storage: Storage,
        limits: Limits,
        log: Log,
        activityRetention: Duration,
        path: String,
        listing: [WrittenValue],
        environment: [String: String],
        outsideValues: [String]
    ) {
        self.listeners = listeners
        self.changedProfiles = changedProfiles
        self.adminSocket = adminSocket
        self.metricsAddress = metricsAddress
        self.tenants = tenants
        self.storage = storage
        self.limits = limits
        self.log = log
        self.activityRetention = activityRetention
        self.path = path
        self.listing = listing
        self.environment = environment
        self.outsideValues = outsideValues
    }
}
