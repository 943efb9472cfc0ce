import CloudProfiles
import Dialects
import Gateway
import Store
import TLSTransport
import Tenancy

/// What all event loops have counted, as metrics.
struct RequestFigures {
    /// What the loops have counted.
    let tallies: RequestTallies
    /// The profiles, whose directories have the tallies of the tenants.
    let runtimes: [ProfileRuntime]
    /// Which tenants have series of their own.
    let tenants: LabelledNames

    /// All of them.
    var families: [MetricFamily] {
        [
            durations, active, requests, throttled, userChanges, authFailures, quirks, storeErrors,
            handshakes, handshakeDurations,
        ]
    }

    private var durations: MetricFamily {
        var family = MetricFamily(
            "http_server_request_duration_seconds",
            .histogram,
            "How long answers took, from the head of the request to the answer that is ready to be sent."
        )
        for place in 0..<RequestShape.count {
            let counted = tallies.loops.compactMap { $0.latency(at: place) }
            guard !counted.isEmpty else { continue }
            let shape = RequestShape(at: place)
            let status = RequestShape.statuses[shape.status]
            family.add(
                counted.reduce(.init(), +),
                [
                    "http_request_method": RequestShape.methods[shape.method],
                    "http_route": RequestShape.routes[shape.route],
                    "http_response_status_code": status == 0 ? "other" : "\(status)",
                ]
            )
        }
        return family
    }

    private var active: MetricFamily {
        var family = MetricFamily(
            "http_server_active_requests",
            .gauge,
            "Requests that are being worked on or wait for their turn."
        )
        for (place, method) in RequestShape.methods.enumerated() {
            family.add(sum { $0.inWork(place) }, ["http_request_method": method])
        }
        return family
    }

    private var throttled: MetricFamily {
        var family = MetricFamily(
            "scimgw_rate_limited_total",
            .counter,
            "Requests of a tenant, and operations of its bulk requests, that were told 429: their turn did not come in time."
        )
        let outcomes = 0..<RequestShape.kinds
        let kinds = outcomes.filter { RequestShape.meaning(of: $0)?.outcome == .throttled }
        eachTenant { tenant, _, tally in
            let total = (kinds + [RequestShape.throttledOperation]).reduce(0) { $0 + tally.total(of: $1) }
            if total > 0 { family.add(Int64(total), ["tenant": tenant]) }
        }
        return family
    }

    private var userChanges: MetricFamily {
        var family = MetricFamily(
            "scimgw_user_changes_total",
            .counter,
            "Users of a tenant that its clients created, changed, switched off and on, or deleted."
        )
        eachTenant { tenant, _, tally in
            for change in UserChange.allCases {
                let total = tally.total(of: change.place)
                if total > 0 { family.add(Int64(total), ["tenant": tenant, "change": "\(change)"]) }
            }
        }
        return family
    }

    /// Every tenant by its label, with the name of its profile.
    private func eachTenant(_ body: (_ tenant: String, _ profile: String, TenantTally) -> Void) {
        for runtime in runtimes {
            let profile = runtime.profile.name.rawValue
            for (tenant, tally) in runtime.directory.tallies.sorted(by: { $0.key.text < $1.key.text }) {
                body(tenants.label(of: tenant.text), profile, tally)
            }
        }
    }

    private var requests: MetricFamily {
        var family = MetricFamily(
            "scimgw_requests_total",
            .counter,
            "Requests with a good token by tenant, what they do and how that ended."
        )
        eachTenant { tenant, profile, tally in
            for kind in 0..<RequestShape.kinds {
                let total = tally.total(of: kind)
                guard total > 0, let (operation, outcome) = RequestShape.meaning(of: kind) else { continue }
                family.add(
                    Int64(total),
                    [
                        "tenant": tenant, "profile": profile, "operation": "\(operation)",
                        "outcome": outcome.word,
                    ]
                )
            }
        }
        return family
    }

    private var authFailures: MetricFamily {
        var family = MetricFamily(
            "scimgw_auth_failures_total",
            .counter,
            "Requests whose token opened nothing; wrong_cloud is that of one that opens something at another listener."
        )
        for reason in AdmissionRefusal.Reason.allCases {
            family.add(sum { $0.count(of: reason) }, ["reason": reason.rawValue])
        }
        family.add(sum(\.countOfWrongClouds), ["reason": "wrong_cloud"])
        return family
    }

    private var quirks: MetricFamily {
        var family = MetricFamily(
            "scimgw_client_quirks_total",
            .counter,
            "Requests that departed from the protocol and were understood, or told apart, all the same."
        )
        for quirk in ClientQuirk.allCases {
            family.add(sum { $0.count(of: quirk) }, ["quirk": quirk.rawValue])
        }
        let twice = AdmissionRefusal.Reason.schemeTwice
        family.add(sum { $0.count(of: twice) }, ["quirk": twice.rawValue])
        return family
    }

    private var storeErrors: MetricFamily {
        var family = MetricFamily(
            "scimgw_store_errors_total",
            .counter,
            "Requests that were answered 503, because their tenant's store could not serve."
        )
        family.add(sum(\.countOfOutages), ["kind": "unavailable"])
        return family
    }

    private var handshakes: MetricFamily {
        var family = MetricFamily(
            "scimgw_tls_handshakes_total",
            .counter,
            "TLS handshakes by the version that was agreed on; a failed one has none."
        )
        for version in RequestTally.handshakeResults {
            family.add(sum { $0.handshakes(to: version).count }, Self.labels(of: version))
        }
        return family
    }

    private var handshakeDurations: MetricFamily {
        var family = MetricFamily(
            "scimgw_tls_handshake_duration_seconds",
            .histogram,
            "How long TLS handshakes took, from the connection to the agreement or the failure."
        )
        for version in RequestTally.handshakeResults {
            let counted = tallies.loops.map { $0.handshakes(to: version) }
            family.add(counted.reduce(.init(), +), Self.labels(of: version))
        }
        return family
    }

    private static func labels(of version: TLSVersion?) -> KeyValuePairs<String, String> {
        ["version": version?.word ?? "-", "result": version == nil ? "failed" : "ok"]
    }

    private func sum(_ count: (RequestTally) -> Int) -> Int64 {
        Int64(tallies.loops.reduce(0) { $0 + count($1) })
    }
}
