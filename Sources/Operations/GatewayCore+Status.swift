import CloudProfiles
import Configuration
import Crypto
import Gateway
import Linux
import Readiness
import SCIM
import Sharing
import Tenancy

extension GatewayCore {
    /// What `status` shows.
    func status() -> AdminMessages.Status {
        let present = present
        return AdminMessages.Status(
            version: ProgramVersion.text,
            pid: ProcessIdentity.own,
            uptimeSeconds: Int((now().milliseconds - started.milliseconds) / 1_000),
            generation: present.reading.loaded.directories.generation,
            files: filesStatus(present),
            listeners: zip(servedListeners, present.listeners).map { served, listener in
                AdminMessages.ListenerStatus(
                    profile: served.settings.profile.value.rawValue,
                    address: "\(listener.address)",
                    publicURL: "\(served.settings.publicURL.value)",
                    connections: listener.openConnections,
                    requestsInWork: listener.requestsInWork,
                    certificateEnds: served.certificateEnds.rfc3339
                )
            },
            connections: present.places?.figures,
            profiles: profileStatuses,
            turns: turns.counts,
            findings: certificateFindings + present.reading.findings.map(\.description) + descriptorFindings,
            attention: runtimes.flatMap { TokenAttention(directory: $0.directory, now: $0.now()).lines },
            libraries: LinkedLibraries.versions
        )
    }

    /// How the files on disk stand to what serves.
    private func filesStatus(_ present: State) -> AdminMessages.FilesStatus {
        let (reading, history) = (present.reading, present.history)
        return AdminMessages.FilesStatus(
            applied: history.lastApplied.rfc3339,
            lastReloadSuccessful: history.lastWasSuccessful,
            lastSuccess: history.lastSuccess?.rfc3339,
            reloads: ["applied": history.applied, "rejected": history.rejected],
            notInForce: reading.loaded.directories.standings.map(AdminMessages.TenantFileStatus.init),
            restartNeeded: reading.restartNeeded.map(PlanMessage.Key.init)
        )
    }

    /// Those that run, then those that do not for want of something.
    private var profileStatuses: [AdminMessages.ProfileStatus] {
        let running = runtimes.map { runtime in
            AdminMessages.ProfileStatus(
                profile: runtime.profile.name.rawValue,
                isServed: true,
                tenants: runtime.directory.tenants.count,
                fips: runtime.library.fips.map {
                    AdminMessages.FIPSStatus(version: $0.version, selfTests: $0.selfTests.count)
                },
                notMet: notMet.filter { $0.profile == runtime.profile.name }.map(\.description)
            )
        }
        let missing = notMet.filter { !$0.isServed }.map { demand in
            AdminMessages.ProfileStatus(
                profile: demand.profile.rawValue,
                isServed: false,
                tenants: 0,
                fips: nil,
                notMet: [demand.description]
            )
        }
        return running + missing
    }
}
