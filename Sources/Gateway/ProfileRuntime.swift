package import CloudProfiles
package import Crypto
package import SCIM
import SCIMEngine
package import Sharing
package import Store
import Synchronization
package import Tenancy

/// All that serves one cloud profile: nothing in it but the turns is shared with another profile.
package final class ProfileRuntime: Sendable {
    /// What the cloud demands.
    package let profile: CloudProfile
    /// The profile's own OpenSSL library context.
    package let library: LibraryContext
    /// Its tenants' stores.
    package let stores: TenantStores
    /// Connections and tokens made by command.
    package let control: any ControlStore
    /// Whose request is worked on next; the one thing that all profiles share, as they share the machine.
    package let turns: Turns
    /// Wall clock.
    package let now: @Sendable () -> Timestamp
    /// What happened to its tenants and is still to be stored.
    package let activity = ActivityQueue()
    /// How many learners its tenants have, for the monitoring.
    package let learners = LearnerFigures()
    let engine: SCIMEngine
    let requestIDs: RequestIDs
    /// Seals and opens the cursors of its lists.
    let cursors: CursorSealing
    /// Called at the first use of a token, which is to be kept at once.
    let tokenWakes = Wakes()
    private let cell: DirectoryCell

    /// A profile that serves what the directory holds.
    package init(
        profile: CloudProfile,
        library: LibraryContext,
        stores: TenantStores,
        control: any ControlStore,
        directory: DirectoryCell,
        turns: Turns,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.profile = profile
        self.library = library
        self.stores = stores
        self.control = control
        self.turns = turns
        self.now = now
        self.engine = SCIMEngine(makingIDs: { ResourceID(library.randomUUID()) })
        self.requestIDs = RequestIDs(library: library)
        self.cursors = CursorSealing(library: library)
        self.cell = directory
    }

    /// The tenants as they are now: read afresh by each request, so that a change reaches open connections.
    package var directory: TenantDirectory { cell.directory }

    /// Serves another directory from the next request on.
    package func serve(_ directory: TenantDirectory) {
        cell.take(directory)
    }
}

/// Holds the directory that is in force.
package final class DirectoryCell: Sendable {
    private let snapshot: Mutex<TenantDirectory>

    /// A cell that holds this directory at first.
    package init(_ directory: TenantDirectory) {
        snapshot = Mutex(directory)
    }

    /// What is in force now.
    package var directory: TenantDirectory { snapshot.withLock { $0 } }

    /// Puts another one in force, unless a later one is.
    package func take(_ directory: TenantDirectory) {
        snapshot.withLock { current in
            if directory.generation >= current.generation { current = directory }
        }
    }
}

extension TenantDirectory {
    /// A profile's directory before the first load.
    package static func empty(_ name: CloudProfile.Name) -> TenantDirectory {
        TenantDirectory(profile: .named(name), generation: 0, tenants: [:], tokens: [:])
    }
}
