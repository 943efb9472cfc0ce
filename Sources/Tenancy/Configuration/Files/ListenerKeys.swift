internal import CloudProfiles
internal import Configuration

/// The keys of one listener.
enum ListenerKeys {
    static let profile = Setting(
        required: "profile",
        .placed(.choice("profile")) as SettingType<Placed<CloudProfile.Name>>,
        effect: .restart,
        doc: "The cloud profile that comes in here."
    )
    static let address = Setting(
        required: "address",
        .placed(.address),
        effect: .restart,
        doc:
            "Address and port: \"[::]:8443\", 127.0.0.1:8443. Listeners may share one if each has hosts of its own."
    )
    static let publicURL = Setting(
        required: "public_url",
        .placed(.publicURL),
        effect: .restart,
        doc: "What clients call, https://HOST[:PORT]; the start of every meta.location."
    )
    static let hosts = Setting(
        "hosts",
        .list(of: .placed(.host), atMost: TenancyLimits.networks),
        else: ([], "[]"),
        effect: .restart,
        doc:
            "Host names that are served; requests for others get 421. Empty: any. Listeners that share an address are told apart by them."
    )
    static let certificate = Setting(
        required: "certificate",
        .placed(.path),
        effect: .restart,
        doc: "The certificate with its chain, PEM. Watched for renewal."
    )
    static let key = Setting(
        required: "key",
        .placed(.path),
        effect: .restart,
        doc: "The certificate's private key, PEM."
    )
    static let ocspResponse = Setting(
        "ocsp_response",
        .placed(.path),
        effect: .restart,
        doc:
            "An OCSP response about the certificate, DER, stapled while it holds. Watched; nothing is fetched."
    )
    static let clientCertificates = Setting(
        "client_certificates",
        .choice("client_certificates") as SettingType<GatewaySettings.ClientCertificates.Mode>,
        else: (.off, "\"off\""),
        effect: .restart,
        doc:
            "Whether clients show certificates, besides their tokens: off, optional, or required, which lets nobody else in."
    )
    static let clientCA = Setting(
        "client_ca",
        .placed(.path),
        effect: .restart,
        doc:
            "The certificates of the authorities whose clients are let in, PEM, and their revocation lists. Watched."
    )
    static let proxyProtocol = Setting(
        "proxy_protocol",
        .choice("proxy_protocol") as SettingType<GatewaySettings.Proxy.Mode>,
        else: (.off, "\"off\""),
        effect: .restart,
        doc:
            "Whether a load balancer in front tells the client's address: off, optional, or required, which lets nobody else in."
    )
    static let trustedProxies = Setting(
        "trusted_proxies",
        .list(of: .network, atMost: TenancyLimits.networks),
        else: ([], "[]"),
        effect: .restart,
        doc: "The networks of those load balancers; a header from elsewhere is never believed."
    )

    static let rows = [
        profile.row, address.row, publicURL.row, hosts.row, certificate.row, key.row, ocspResponse.row,
        clientCertificates.row, clientCA.row, proxyProtocol.row, trustedProxies.row,
    ]

    static let type = SettingType<GatewaySettings.Listener>.mapping(rows) { fields, reading in
        // Each is read, whatever the one before gave: all problems are told in one run.
        let hosts = fields.value(hosts, &reading) ?? []
        let profile = fields.value(profile, &reading)
        let address = fields.value(address, &reading)
        let url = fields.value(publicURL, &reading)
        let certificate = fields.value(certificate, &reading)
        let key = fields.value(key, &reading)
        let response = fields.value(ocspResponse, &reading)
        let clients = clients(fields, &reading)
        let proxy = proxy(fields, &reading)
        guard let profile, let address, let url, let certificate, let key else { return nil }
        return GatewaySettings.Listener(
            profile: profile,
            address: address,
            publicURL: url,
            hosts: hosts,
            certificate: certificate,
            key: key,
            ocspResponse: response,
            clientCertificates: clients,
            proxy: proxy
        )
    }

    private static func clients(_ fields: Fields, _ reading: inout FileReading)
        -> GatewaySettings.ClientCertificates
    {
        let told = reading.count
        let mode = fields.value(clientCertificates, &reading) ?? .off
        // Off because it is written or left out, not because what is written was refused.
        let isOff = mode == .off && reading.count == told
        let authorities = fields.value(clientCA, &reading)
        if isOff, authorities != nil {
            reading.warning(
                "client_ca does nothing while client_certificates is off",
                at: fields.place(of: clientCA),
                fix: "write client_certificates: required, or optional"
            )
        }
        if mode != .off, !fields.has(clientCA) {
            reading.error(
                "client_certificates '\(mode.rawValue)' needs client_ca: whose certificates are right",
                at: fields.place(of: clientCertificates),
                fix: "add client_ca: PATH with the certificates of the authorities, PEM"
            )
        }
        return GatewaySettings.ClientCertificates(mode: mode, authorities: authorities)
    }

    private static func proxy(_ fields: Fields, _ reading: inout FileReading) -> GatewaySettings.Proxy {
        let mode = fields.value(proxyProtocol, &reading) ?? .off
        let told = reading.count
        let trusted = fields.value(trustedProxies, &reading) ?? []
        if mode == .off, !trusted.isEmpty {
            reading.warning(
                "trusted_proxies does nothing while proxy_protocol is off",
                at: fields.place(of: trustedProxies)
            )
        }
        // Empty because nothing is written, not because what is written was refused.
        if mode != .off, trusted.isEmpty, reading.count == told {
            reading.error(
                "proxy_protocol '\(mode.rawValue)' needs trusted_proxies: who is believed may claim any address",
                at: fields.place(of: proxyProtocol),
                fix: "add trusted_proxies: [CIDR] with the networks of the load balancers"
            )
        }
        if let everybody = trusted.first(where: { $0.prefixLength == 0 }) {
            reading.error(
                "'\(everybody)' trusts everybody to tell any address",
                at: fields.place(of: trustedProxies),
                fix: "name the networks of the load balancers"
            )
        }
        return GatewaySettings.Proxy(mode: mode, trusted: trusted)
    }
}

/// The keys under one profile's name.
enum ProfileKeys {
    static let fips = Setting(
        "fips",
        .choice("fips") as SettingType<CloudProfile.FIPSDemand>,
        effect: .restart,
        doc:
            "Whether the FIPS module must be there. gcc-high and dod demand it; fips: off loosens that."
    )
    static let fipsOffReason = Setting(
        "fips_off_reason",
        .text(),
        effect: .restart,
        doc: "Why a demanded FIPS module is not used; told at every start."
    )
    static let fipsConfig = Setting(
        "fips_config",
        .placed(.path),
        effect: .restart,
        doc: "The module's own file, as openssl fipsinstall wrote it."
    )

    static let rows = [fips.row, fipsOffReason.row, fipsConfig.row]

    static let build: @Sendable (CloudProfile.Name, Fields, inout FileReading) -> GatewaySettings.FIPS? = {
        name,
        fields,
        reading in
        let builtIn = CloudProfile.named(name).fips
        let written = fields.value(fips, &reading)
        let reason = fields.value(fipsOffReason, &reading)
        let place = fields.place(of: fips)
        var loosened: GatewaySettings.FIPS.Loosened?
        switch (builtIn, written) {
        case (.required, .off):
            if let reason {
                loosened = .init(place: place, reason: reason)
            } else if !fields.has(fipsOffReason) {
                reading.error(
                    "fips: off needs a reason: \(name.rawValue) demands the FIPS module",
                    at: place,
                    fix: "add fips_off_reason: TEXT; it is told at every start"
                )
            }
        case (.required, .preferred):
            reading.error(
                "\(name.rawValue) demands the FIPS module",
                at: place,
                fix: "leave fips out, or write fips: off with fips_off_reason: TEXT"
            )
        default:
            break
        }
        if fields.has(fipsOffReason), loosened == nil, written != .off || builtIn != .required {
            reading.warning("fips_off_reason does nothing here", at: fields.place(of: fipsOffReason))
        }
        return GatewaySettings.FIPS(
            demand: written ?? builtIn,
            loosened: loosened,
            configFile: fields.value(fipsConfig, &reading)
        )
    }
}
