package import SCIM
package import Tenancy

/// One line of a tenant's activity: what happened, to which resource, by whom and from where.
///
/// Names, ids and numbers: never a value that a person or a client sent.
package struct ActivityEntry: Sendable, Equatable {
    /// When.
    package var time: Timestamp
    /// What.
    package var kind: ActivityKind
    /// How it ended.
    package var outcome: ActivityOutcome
    /// By whom, and from where.
    package var origin: ActivityOrigin
    /// What it was done to.
    package var resource: Subject?
    /// The attributes that changed: `active`, `name.givenName`, `members`.
    package var changed: [String] = []
    /// Attributes that were named and not stored, each with why: `dropped title`.
    package var notes: [String] = []
    /// The status of the answer; nil where nobody waits for one.
    package var status: Int?
    /// The `scimType` of the answer (RFC 7644 §3.12).
    package var scimType: String?
    /// Why, as a word of a closed set: `wrong_secret`, `uniqueness`.
    package var reason: String?
    /// Why, and what to do, for a person: may tell what the client must not know.
    package var explanation: String?
    /// How long it took: of a write until its entry was made (``AwaitedAnswer``), of anything else until it was answered.
    package var milliseconds: Int?
    /// How many requests it stands for.
    package var count = 1
    /// The word for the user's `userName` (``NameHashing``); nil where the profile allows none.
    package var userName: String?
    /// The word for the `externalId` that the connection knows the user by.
    package var externalID: String?
    /// The number of a stored entry: they count up by one.
    package var number: Int64?
    /// The hash of the entry before a stored one (``ActivityChain``): 32 bytes; nil in entries of before there was a chain.
    package var previousHash: [UInt8]?

    /// The resource that an entry is about.
    package struct Subject: Sendable, Equatable {
        /// User or Group.
        package let type: ResourceType.Name
        /// Its id.
        package let id: ResourceID

        /// A resource.
        package init(_ type: ResourceType.Name, _ id: ResourceID) {
            self.type = type
            self.id = id
        }
    }

    /// An entry, to be filled with what else is known.
    package init(
        _ kind: ActivityKind,
        _ outcome: ActivityOutcome = .ok,
        at time: Timestamp,
        by origin: ActivityOrigin
    ) {
        self.time = time
        self.kind = kind
        self.outcome = outcome
        self.origin = origin
    }
}

/// Requests of one kind through one connection in one minute: counted, as nobody reads them one by one.
package struct ActivityReads: Sendable, Equatable {
    /// When the minute began.
    package let minute: Timestamp
    /// Through which connection.
    package let connection: Connection.ID
    /// What they read.
    package let kind: ActivityKind
    /// How many came since these were last stored.
    package var count: Int
    /// When the last one came.
    package var last: Timestamp

    /// Milliseconds of the span that is counted together.
    package static let span: Int64 = 60_000

    /// The first of a minute.
    package init(_ kind: ActivityKind, through connection: Connection.ID, at time: Timestamp) {
        self.init(
            kind,
            through: connection,
            minute: Timestamp(milliseconds: time.milliseconds - time.milliseconds % Self.span),
            count: 1,
            last: time
        )
    }

    /// So many of a minute.
    package init(
        _ kind: ActivityKind,
        through connection: Connection.ID,
        minute: Timestamp,
        count: Int,
        last: Timestamp
    ) {
        self.minute = minute
        self.connection = connection
        self.kind = kind
        self.count = count
        self.last = last
    }
}
