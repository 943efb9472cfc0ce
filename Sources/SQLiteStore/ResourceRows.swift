import SCIM
import Store
import Tenancy

/// Reads resources from their rows, with everything that is derived for one connection.
///
/// Parses no JSON.
///
/// The row's statement stays open while the derived parts are read, so that all of it is one snapshot.
struct ResourceRows {
    /// A reader, or the writer inside its transaction.
    let database: SQLiteDatabase
    /// Whose `externalId` is shown; nil shows none.
    let connection: Connection.ID?
    /// Turns blobs and look-up texts into what is stored, and back.
    let codec: DocumentCodec

    /// A row with what only the store knows of it.
    struct Found {
        /// The row's number.
        let row: Int64
        /// The resource, derived for the connection.
        let resource: StoredResource
        /// The connection that manages it.
        let owner: Connection.ID?
        /// Whether it is a group of the tenant's file.
        let isTargetGroup: Bool
        /// `manager.value` as sent.
        let managerSent: String?
        /// What stands in the look-up column.
        let userName: String?

        /// What a write finds at hand, beside the resource.
        var standing: LearnerStanding { LearnerStanding(row: row, owner: owner) }

        /// What a write meets.
        var current: Change.Current {
            Change.Current(resource: resource, owner: owner, isTargetGroup: isTargetGroup)
        }
    }

    /// The resource of that id, or nil.
    func found(id: ResourceID, members: MemberDemand = .none) throws -> Found? {
        let statement = try database.prepared(Self.resourceByID)
        defer { statement.reset() }
        try statement.bind(1, id.text)
        try statement.bind(2, connection?.text)
        return try statement.step() ? found(statement, members) : nil
    }

    /// The resource in that row, or nil.
    func found(row: Int64, members: MemberDemand = .none) throws -> Found? {
        let statement = try database.prepared(Self.resourceByRow)
        defer { statement.reset() }
        try statement.bind(1, row)
        try statement.bind(2, connection?.text)
        return try statement.step() ? found(statement, members) : nil
    }

    /// The learner that a `manager.value` names: by id, else by `userName`, else by the connection's `externalId`.
    func manager(sent: String) throws -> ManagerReference? {
        let statement = try database.prepared(Self.managerByText)
        defer { statement.reset() }
        try statement.bind(1, sent)
        try statement.bind(2, codec.lookUp(.userName, CaseFolding.fold(sent)))
        try statement.bind(3, codec.lookUp(.externalID, sent))
        try statement.bind(4, connection?.text)
        guard try statement.step() else { return nil }
        return ManagerReference(
            id: ResourceID(statement.text(0)),
            displayName: codec.opened(text: statement.text(1))
        )
    }

    private func found(_ statement: SQLiteStatement, _ members: MemberDemand) throws -> Found {
        let memberships = Memberships(database: database, codec: codec)
        let row = statement.integer(0)
        let type = ResourceType.Name(stored: statement.integer(2))
        let managerSent = statement.optionalText(12).map { codec.opened(text: $0) }
        let resource = StoredResource(
            type: type,
            id: ResourceID(statement.text(1)),
            version: ResourceVersion(statement.integer(3)),
            created: Timestamp(milliseconds: statement.integer(4)),
            lastModified: Timestamp(milliseconds: statement.integer(5)),
            document: codec.opened(document: statement.bytes(11)),
            splices: DocumentSplices(statement, from: 7),
            writtenSet: AttributeSet(stored: statement.integer(6)),
            externalID: statement.optionalText(14),
            groups: type == .user ? try memberships.groups(of: row) : [],
            members: type == .group ? try memberships.members(of: row, members) : nil,
            managerReference: try managerSent.flatMap { try manager(sent: $0) }
        )
        return Found(
            row: row,
            resource: resource,
            owner: statement.optionalText(13).map { Connection.ID($0) },
            isTargetGroup: statement.integer(15) != 0,
            managerSent: managerSent,
            userName: statement.optionalText(16)
        )
    }
}

// MARK: - Statements

extension ResourceRows {
    /// A resource by its id.
    static let resourceByID: StaticString =
        """
        SELECT row, id, type, version, created, last_modified, attribute_set, splice_external_id, splice_manager,
            splice_groups, splice_location, document, manager_sent, managed_by,
            (SELECT external_id FROM external_ids WHERE resource = row AND connection = ?2), target_group IS NOT NULL,
            user_name
        FROM resources WHERE id = ?1
        """

    /// A resource by its row.
    static let resourceByRow: StaticString =
        """
        SELECT row, id, type, version, created, last_modified, attribute_set, splice_external_id, splice_manager,
            splice_groups, splice_location, document, manager_sent, managed_by,
            (SELECT external_id FROM external_ids WHERE resource = row AND connection = ?2), target_group IS NOT NULL,
            user_name
        FROM resources WHERE row = ?1
        """

    /// A manager by id, user name or external id, in this order.
    static let managerByText: StaticString =
        """
        SELECT id, shown_name FROM resources WHERE id = ?1 AND type = 1
        UNION ALL
        SELECT id, shown_name FROM resources WHERE user_name = ?2 AND type = 1
        UNION ALL
        SELECT r.id, r.shown_name FROM external_ids e JOIN resources r ON r.row = e.resource
        WHERE e.connection = ?4 AND e.external_id = ?3 AND r.type = 1
        LIMIT 1
        """
}

// MARK: - Small numbers for closed sets

extension ResourceType.Name {
    /// The type of a stored number; the table's CHECK allows these two only.
    init(stored: Int64) { self = stored == 2 ? .group : .user }

    /// How the type is stored.
    var stored: Int64 {
        switch self {
        case .user: 1
        case .group: 2
        }
    }
}

extension AttributeSet {
    /// The set of a stored number; the table's CHECK allows these two only.
    init(stored: Int64) { self = stored == 2 ? .full : .learner }

    /// How the set is stored.
    var stored: Int64 {
        switch self {
        case .learner: 1
        case .full: 2
        }
    }
}

extension DocumentSplices {
    /// The four columns from that one on.
    fileprivate init(_ statement: SQLiteStatement, from first: Int32) {
        self.init(
            externalID: Int(statement.integer(first)),
            manager: statement.optionalInteger(first + 1).map { Int($0) },
            groups: Int(statement.integer(first + 2)),
            location: Int(statement.integer(first + 3))
        )
    }
}
