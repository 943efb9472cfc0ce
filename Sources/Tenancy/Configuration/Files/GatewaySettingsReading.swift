internal import CloudProfiles
package import Configuration
internal import Linux

extension GatewaySettings {
    /// Reads and checks the file of that path, with what the environment says instead of it.
    package static func read(path: String, files: some FileReader, environment: [String: String] = [:])
        -> Checked<GatewaySettings>
    {
        do throws(DiskFile.Problem) {
            let bytes = try files.bytes(of: path, atMost: ConfigurationLimits.fileBytes)
            return read(
                bytes,
                path: path,
                outside: OutsideValues(environment: environment, files: files),
                overrides: EnvironmentOverrides(environment)
            )
        } catch {
            return Checked(
                nil,
                [Finding(.error, error.sentence, at: FilePlace(file: path), fix: error.fix)]
            )
        }
    }

    /// Reads the same file as it is now, in the same environment.
    package func readAgain(files: some FileReader) -> Checked<GatewaySettings> {
        GatewaySettings.read(path: path, files: files, environment: environment)
    }

    /// The folder of the tenant files, as far as a settings file that cannot be used tells it.
    package static func tenantFolder(path: String, files: some FileReader) -> String {
        // Why the file cannot be read is told by whoever wanted more of it than this.
        let bytes = (try? files.bytes(of: path, atMost: ConfigurationLimits.fileBytes)) ?? []
        var reading = FileReading(path: path, outside: .none)
        var folder: GatewaySettings.TenantFolder?
        if let root = YAMLFile.read(bytes, path: path).root {
            folder = Fields(root, GatewayKeys.rows, &reading).value(GatewayKeys.tenants, &reading)
        }
        let directory = folder?.directory ?? TenantsKeys.directory.fallback ?? ""
        return FilePaths(of: path).resolve(directory)
    }

    /// Checks the bytes of a settings file.
    ///
    /// It looks at no other file, but for values that the file says are elsewhere.
    ///
    /// The path is for messages and the start of relative paths.
    package static func read(_ bytes: [UInt8], path: String) -> Checked<GatewaySettings> {
        read(bytes, path: path, outside: .none, overrides: EnvironmentOverrides([:]))
    }

    private static func read(
        _ bytes: [UInt8],
        path: String,
        outside: OutsideValues,
        overrides: EnvironmentOverrides
    ) -> Checked<GatewaySettings> {
        let file = YAMLFile.read(bytes, path: path)
        var reading = FileReading(path: path, outside: outside)
        reading.add(file.findings)
        guard let written = file.root else { return Checked(nil, reading.findings) }
        let root = overrides.applied(to: written, GatewayKeys.rows, &reading)
        let fields = Fields(root, GatewayKeys.rows, &reading)
        let settings = build(fields, root, path, &reading)
        return Checked(settings, reading.findings)
    }

    private static func build(
        _ fields: Fields,
        _ root: YAMLNode,
        _ path: String,
        _ reading: inout FileReading
    ) -> GatewaySettings? {
        let paths = FilePaths(of: path)
        let nothing = YAMLNode.empty(at: fields.place)
        _ = fields.value(GatewayKeys.version, &reading)
        let profiles = fields.value(GatewayKeys.profiles, &reading) ?? [:]
        let socket = fields.value(GatewayKeys.admin, &reading)
        let metrics = fields.value(GatewayKeys.metrics, &reading)
        let retention = fields.value(GatewayKeys.activity, &reading) ?? ActivityKeys.retention.fallback
        // A group of keys that is left out holds the defaults of its own table.
        let tenants =
            fields.value(GatewayKeys.tenants, &reading) ?? GatewayKeys.tenants.type.read(nothing, &reading)
        let storage =
            fields.value(GatewayKeys.storage, &reading) ?? GatewayKeys.storage.type.read(nothing, &reading)
        let limits =
            fields.value(GatewayKeys.limits, &reading) ?? GatewayKeys.limits.type.read(nothing, &reading)
        let log = fields.value(GatewayKeys.log, &reading) ?? GatewayKeys.log.type.read(nothing, &reading)
        let told = reading.count
        let listeners = fields.value(GatewayKeys.listeners, &reading)
        if let listeners {
            // Empty because nothing is written, not because what is written was refused.
            if listeners.isEmpty, reading.count == told {
                let place = fields.place(of: GatewayKeys.listeners)
                reading.error(
                    "there is no listener",
                    at: place,
                    fix: "add one with profile, address and public_url"
                )
            }
            checkListeners(listeners, &reading)
        }
        guard let listeners, let tenants, let storage, let limits, let log, let retention else { return nil }

        let data = paths.resolve(storage.directory)
        let adminSocket = socket.map { paths.resolve($0.value) } ?? "\(data)/admin.sock"
        if adminSocket.utf8.count > TenancyLimits.socketPathBytes {
            let place = socket?.place ?? fields.place(of: GatewayKeys.storage)
            reading.error(
                "the admin socket's path has more than \(TenancyLimits.socketPathBytes) bytes",
                at: place,
                fix: "write admin: {socket: PATH} with a shorter one"
            )
        }
        return GatewaySettings(
            listeners: listeners.map { $0.resolving(paths) },
            changedProfiles: profiles.mapValues { $0.resolving(paths) },
            adminSocket: adminSocket,
            metricsAddress: metrics,
            tenants: TenantFolder(directory: paths.resolve(tenants.directory), isWatched: tenants.isWatched),
            storage: Storage(directory: data, openTenants: storage.openTenants),
            limits: limits,
            log: log,
            activityRetention: retention,
            path: path,
            listing: WrittenValue.listed(root, GatewayKeys.rows, withDefaults: true),
            environment: reading.environment,
            outsideValues: reading.outsideValues
        )
    }

    private static func checkListeners(_ listeners: [Listener], _ reading: inout FileReading) {
        for (index, listener) in listeners.enumerated() {
            let before = listeners[..<index].filter { $0.sharesAddress(with: listener) }
            if !before.isEmpty { checkSharing(listener, with: before, &reading) }
            let host = listener.publicURL.value.host
            if !listener.hosts.isEmpty, !listener.hostNames.contains(host) {
                reading.warning(
                    "hosts does not hold '\(host)': calls of the public URL would get 421",
                    at: listener.publicURL.place,
                    fix: "add \(host) to hosts, unless a proxy in front changes the host"
                )
            }
        }
    }

    /// Listeners at one address are told apart by the name that a client calls before TLS begins: each must have one,
    /// and none may have another's.
    private static func checkSharing(
        _ listener: Listener,
        with others: [Listener],
        _ reading: inout FileReading
    ) {
        let address = listener.address
        let haveNames = ([listener] + others).allSatisfy { $0.hosts.contains(where: \.isName) }
        if !haveNames {
            reading.error(
                "\(address.value) is already listened on (line \(others[0].address.place.line))",
                at: address.place,
                fix: "give each listener a port of its own, or to each a name in hosts that clients call"
            )
        }
        if let other = others.first(where: { $0.proxy != listener.proxy }) {
            reading.error(
                "listeners on \(address.value) must agree on proxy_protocol and trusted_proxies (line \(other.address.place.line))",
                at: address.place,
                fix: "write the same at each: who comes in is known before it is known whom they want"
            )
        }
        for host in listener.hosts {
            let owner = others.lazy.flatMap(\.hosts).first { $0.value == host.value }
            guard let owner else { continue }
            reading.error(
                "'\(host.value)' is a host of another listener on \(address.value) (line \(owner.place.line))",
                at: host.place,
                fix: "name it at one of them"
            )
        }
    }
}

extension Placed<String> {
    /// Whether a client can call it in its ClientHello, which holds no addresses (RFC 6066 §3).
    fileprivate var isName: Bool { !value.hasPrefix("[") && IPAddress(value) == nil }
}

extension GatewaySettings.Listener {
    /// The same listener with its paths counted from the file's folder.
    fileprivate func resolving(_ paths: FilePaths) -> GatewaySettings.Listener {
        GatewaySettings.Listener(
            profile: profile,
            address: address,
            publicURL: publicURL,
            hosts: hosts,
            certificate: paths.resolve(certificate),
            key: paths.resolve(key),
            ocspResponse: ocspResponse.map { paths.resolve($0) },
            clientCertificates: GatewaySettings.ClientCertificates(
                mode: clientCertificates.mode,
                authorities: clientCertificates.authorities.map { paths.resolve($0) }
            ),
            proxy: proxy
        )
    }
}

extension GatewaySettings.FIPS {
    fileprivate func resolving(_ paths: FilePaths) -> GatewaySettings.FIPS {
        GatewaySettings.FIPS(
            demand: demand,
            loosened: loosened,
            configFile: configFile.map { paths.resolve($0) }
        )
    }
}
