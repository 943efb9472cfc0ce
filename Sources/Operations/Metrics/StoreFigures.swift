import CloudProfiles
import Gateway
import Store
import Tenancy

/// What is in the tenants' stores and how long they take, as metrics: no store is opened for it, and nothing is counted.
struct StoreFigures {
    let core: GatewayCore
    /// Which tenants have series of their own.
    let tenants: LabelledNames

    /// All of them.
    var families: [MetricFamily] { [users, bytes, durations] }

    /// From what ``LearnerCounting`` has counted last.
    private var users: MetricFamily {
        var family = MetricFamily(
            "scimgw_users",
            .gauge,
            "Users of a tenant, counted once a minute while its store is open; missing until it first is."
        )
        for runtime in core.runtimes {
            for tenant in runtime.directory.tenants.keys.sorted(by: { $0.text < $1.text }) {
                guard let counts = runtime.learners.counts(of: tenant) else { continue }
                let label = tenants.label(of: tenant.text)
                family.add(Int64(counts.active), ["tenant": label, "active": "true"])
                family.add(Int64(counts.total - counts.active), ["tenant": label, "active": "false"])
            }
        }
        return family
    }

    /// From the folder's entries; a tenant that was never served has none.
    private var bytes: MetricFamily {
        var family = MetricFamily(
            "scimgw_store_bytes",
            .gauge,
            "Bytes of the files of a tenant's store, its log included."
        )
        for runtime in core.runtimes {
            let profile = runtime.profile.name
            let declared = runtime.directory.tenants
            for tenant in core.making.existing(profile).sorted(by: { $0.text < $1.text })
            where declared[tenant] != nil {
                let files = core.making.files(tenant, profile)
                family.add(
                    Int64(files.reduce(0) { $0 + $1.bytes }),
                    ["tenant": tenants.label(of: tenant.text)]
                )
            }
        }
        return family
    }

    private var durations: MetricFamily {
        var family = MetricFamily(
            "scimgw_store_operation_duration_seconds",
            .histogram,
            "How long operations were with a tenant's store: its opening, and of a write the wait for the disk, included."
        )
        for operation in StoreOperation.allCases {
            let counted = core.tallies.loops.map { $0.times(of: operation) }
            family.add(
                counted.reduce(.init(), +),
                ["backend": core.making.backend, "operation": "\(operation)"]
            )
        }
        return family
    }
}
