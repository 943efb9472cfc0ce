import SCIM
import Store
import Tenancy

/// Writes the rows of resources: documents, look-up columns, names, memberships and tombstones.
struct ResourceColumns {
    /// The writer, inside a transaction.
    let database: SQLiteDatabase
    /// Turns blobs and look-up texts into what is stored.
    let codec: DocumentCodec

    /// The row of the learner with that folded `userName`.
    func row(userName: String) throws -> Int64? {
        try row(storedUserName: codec.lookUp(.userName, userName))
    }

    /// Whether a resource has, or a deleted one had, that id.
    func isUsed(_ id: ResourceID) throws -> Bool {
        let statement = try database.prepared(
            "SELECT 1 FROM resources WHERE id = ?1 UNION ALL SELECT 1 FROM tombstones WHERE id = ?1"
        )
        defer { statement.reset() }
        try statement.bind(1, id.text)
        return try statement.step()
    }

    /// Adds a resource; gives its row.
    ///
    /// `created` is nil for one that is new. `isNamed`: whether it can be found by its `userName`; one that becomes a
    /// record at once does not take the name from another.
    func insert(
        _ revision: Revision,
        id: ResourceID,
        owner: Connection.ID?,
        targetGroup: TargetGroup.ID?,
        created: Timestamp? = nil,
        isNamed: Bool = true
    ) throws -> Int64 {
        let statement = try database.prepared(
            """
            INSERT INTO resources (version, last_modified, attribute_set, splice_external_id, splice_manager,
                splice_groups, splice_location, document, user_name, active, display_name, employee_number,
                manager_value, manager_sent, shown_name, id, type, created, managed_by, target_group)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?20, ?18, ?19)
            RETURNING row
            """
        )
        defer { statement.reset() }
        try bind(statement, revision.next, revision.resource.attributeSet)
        try bind(statement, LookUpTexts(revision.resource, codec), from: 9)
        if !isNamed { try statement.bind(9, nil as String?) }
        try statement.bind(16, id.text)
        try statement.bind(17, revision.resource.resource.type.stored)
        try statement.bind(18, owner?.text)
        try statement.bind(19, targetGroup?.text)
        try statement.bind(20, (created ?? revision.next.lastModified).milliseconds)
        guard try statement.step() else { throw StoreError.unavailable("The database gave no row.") }
        let row = statement.integer(0)
        // RETURNING gives its row before the statement has ended.
        while try statement.step() {}
        for email in revision.resource.lookups.emailValues { try add(email: email, of: row) }
        return row
    }

    /// Puts the next state in place of a resource's.
    ///
    /// The look-up columns are written only when one of them changed: each costs its index. `emailsBefore`: whether
    /// the row may have e-mail addresses.
    func update(_ row: Int64, _ revision: Revision, emailsBefore: Bool) throws {
        try update(row, revision.next, revision.resource.attributeSet)
        let texts = LookUpTexts(revision.resource, codec)
        if try lookUpTexts(of: row) != texts { try update(row, texts) }
        if emailsBefore || !revision.resource.lookups.emailValues.isEmpty {
            try replaceEmails(of: row, by: revision.resource.lookups.emailValues)
        }
    }

    /// Puts the next document in place of a resource's.
    func update(_ row: Int64, _ next: NextDocument, _ set: AttributeSet) throws {
        let statement = try database.prepared(
            """
            UPDATE resources SET version = ?1, last_modified = ?2, attribute_set = ?3, splice_external_id = ?4,
                splice_manager = ?5, splice_groups = ?6, splice_location = ?7, document = ?8
            WHERE row = ?9
            """
        )
        try bind(statement, next, set)
        try statement.bind(9, row)
        try statement.run()
    }

    private func update(_ row: Int64, _ texts: LookUpTexts) throws {
        if let userName = texts.userName, let other = try self.row(storedUserName: userName), other != row {
            throw StoreError.userNameTaken
        }
        let statement = try database.prepared(
            """
            UPDATE resources SET user_name = ?1, active = ?2, display_name = ?3, employee_number = ?4,
                manager_value = ?5, manager_sent = ?6, shown_name = ?7
            WHERE row = ?8
            """
        )
        try bind(statement, texts, from: 1)
        try statement.bind(8, row)
        try statement.run()
    }

    private func row(storedUserName: String) throws -> Int64? {
        let statement = try database.prepared("SELECT row FROM resources WHERE user_name = ?1")
        defer { statement.reset() }
        try statement.bind(1, storedUserName)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// Makes a connection the learner's owner.
    func setOwner(_ owner: Connection.ID, of row: Int64) throws {
        let statement = try database.prepared("UPDATE resources SET managed_by = ?2 WHERE row = ?1")
        try statement.bind(1, row)
        try statement.bind(2, owner.text)
        try statement.run()
    }
}

// MARK: - Names and memberships

extension ResourceColumns {
    /// Sets a connection's `externalId` for a resource; nil clears it.
    ///
    /// An operator has none to set.
    ///
    /// - Throws: ``StoreError/externalIDTaken``.
    func name(_ row: Int64, externalID: String?, of connection: Connection.ID?, insteadOf before: String?)
        throws
    {
        guard let connection, !Revision.isSame(externalID, before) else { return }
        if before != nil {
            let statement = try database.prepared(
                "DELETE FROM external_ids WHERE resource = ?1 AND connection = ?2"
            )
            try statement.bind(1, row)
            try statement.bind(2, connection.text)
            try statement.run()
        }
        guard let externalID else { return }

        let stored = codec.lookUp(.externalID, externalID)
        guard try !isTaken(stored, in: connection) else { throw StoreError.externalIDTaken }
        let statement = try database.prepared(
            "INSERT INTO external_ids (connection, external_id, resource) VALUES (?1, ?2, ?3)"
        )
        try statement.bind(1, connection.text)
        try statement.bind(2, stored)
        try statement.bind(3, row)
        try statement.run()
    }

    private func isTaken(_ externalID: String, in connection: Connection.ID) throws -> Bool {
        let statement = try database.prepared(
            "SELECT 1 FROM external_ids WHERE connection = ?1 AND external_id = ?2"
        )
        defer { statement.reset() }
        try statement.bind(1, connection.text)
        try statement.bind(2, externalID)
        return try statement.step()
    }

    /// Puts a learner into a target group.
    func add(_ row: Int64, to group: TargetGroup.ID) throws {
        let statement = try database.prepared(
            """
            INSERT INTO members (group_row, member_row) SELECT row, ?1 FROM resources WHERE target_group = ?2
            """
        )
        try statement.bind(1, row)
        try statement.bind(2, group.text)
        try statement.run()
        guard database.changes == 1 else { throw StoreError.noTargetGroup }
    }

    private func add(email: String, of row: Int64) throws {
        // Two addresses that differ in case only fold to one.
        let statement = try database.prepared(
            "INSERT OR IGNORE INTO emails (value, resource) VALUES (?1, ?2)"
        )
        try statement.bind(1, codec.lookUp(.email, email))
        try statement.bind(2, row)
        try statement.run()
    }

    private func replaceEmails(of row: Int64, by emails: [String]) throws {
        let statement = try database.prepared("DELETE FROM emails WHERE resource = ?1")
        try statement.bind(1, row)
        try statement.run()
        for email in emails { try add(email: email, of: row) }
    }
}

// MARK: - The end of a resource

extension ResourceColumns {
    /// Turns a resource into a tombstone.
    ///
    /// Its names are free again.
    func bury(_ row: Int64, id: ResourceID, now: Timestamp) throws {
        let tombstone = try database.prepared(
            """
            INSERT INTO tombstones (id, deleted_at, type, version, created, last_modified, attribute_set, managed_by,
                user_name, splice_external_id, splice_manager, splice_groups, splice_location, document)
            SELECT id, ?2, type, version, created, last_modified, attribute_set, managed_by, user_name,
                splice_external_id, splice_manager, splice_groups, splice_location, document
            FROM resources WHERE row = ?1
            """
        )
        try tombstone.bind(1, row)
        try tombstone.bind(2, now.milliseconds)
        try tombstone.run()

        let names = try database.prepared(
            """
            INSERT INTO tombstone_external_ids (id, connection, external_id)
            SELECT ?2, connection, external_id FROM external_ids WHERE resource = ?1
            """
        )
        try names.bind(1, row)
        try names.bind(2, id.text)
        try names.run()

        let groups = try database.prepared(
            """
            INSERT INTO tombstone_groups (id, group_id)
            SELECT ?2, g.id FROM members m JOIN resources g ON g.row = m.group_row WHERE m.member_row = ?1
            """
        )
        try groups.bind(1, row)
        try groups.bind(2, id.text)
        try groups.run()
        try remove(row)
    }

    /// Removes a resource with its names and memberships, which follow by their foreign keys.
    func remove(_ row: Int64) throws {
        let statement = try database.prepared("DELETE FROM resources WHERE row = ?1")
        try statement.bind(1, row)
        try statement.run()
    }
}

// MARK: - Binding

extension ResourceColumns {
    /// Parameters 1…8: what changes with every write.
    private func bind(_ statement: SQLiteStatement, _ next: NextDocument, _ set: AttributeSet) throws {
        try statement.bind(1, next.version.number)
        try statement.bind(2, next.lastModified.milliseconds)
        try statement.bind(3, set.stored)
        try statement.bind(4, Int64(next.splices.externalID))
        try statement.bind(5, next.splices.manager.map { Int64($0) })
        try statement.bind(6, Int64(next.splices.groups))
        try statement.bind(7, Int64(next.splices.location))
        try statement.bind(8, codec.sealed(document: next.bytes))
    }

    private func bind(_ statement: SQLiteStatement, _ texts: LookUpTexts, from first: Int32) throws {
        try statement.bind(first, texts.userName)
        try statement.bind(first + 1, texts.isActive.map { $0 ? 1 : 0 })
        try statement.bind(first + 2, texts.displayName)
        try statement.bind(first + 3, texts.employeeNumber)
        try statement.bind(first + 4, texts.managerValue)
        try statement.bind(first + 5, texts.managerSent)
        try statement.bind(first + 6, texts.shownName)
    }

    /// The look-up columns of a row.
    func lookUpTexts(of row: Int64) throws -> LookUpTexts? {
        let statement = try database.prepared(
            """
            SELECT user_name, active, display_name, employee_number, manager_value, manager_sent, shown_name
            FROM resources WHERE row = ?1
            """
        )
        defer { statement.reset() }
        try statement.bind(1, row)
        return try statement.step() ? LookUpTexts(statement) : nil
    }
}

/// The look-up columns of one row, as they are stored.
struct LookUpTexts {
    fileprivate let userName: String?
    fileprivate let isActive: Bool?
    fileprivate let displayName: String?
    fileprivate let employeeNumber: String?
    fileprivate let managerValue: String?
    fileprivate let managerSent: String?
    fileprivate let shownName: String?

    /// Those that a resource should have.
    init(_ resource: ValidatedResource, _ codec: DocumentCodec) {
        let lookups = resource.lookups
        userName = lookups.userName.map { codec.lookUp(.userName, $0) }
        isActive = lookups.isActive
        displayName = lookups.displayName.map { codec.lookUp(.displayName, $0) }
        employeeNumber = lookups.employeeNumber.map { codec.lookUp(.employeeNumber, $0) }
        managerValue = lookups.managerValue.map { codec.lookUp(.managerValue, $0) }
        managerSent = lookups.managerText.map { codec.sealed(text: $0) }
        shownName = resource.shownName.map { codec.sealed(text: $0) }
    }

    fileprivate init(_ statement: SQLiteStatement) {
        userName = statement.optionalText(0)
        isActive = statement.optionalInteger(1).map { $0 != 0 }
        displayName = statement.optionalText(2)
        employeeNumber = statement.optionalText(3)
        managerValue = statement.optionalText(4)
        managerSent = statement.optionalText(5)
        shownName = statement.optionalText(6)
    }
}

extension LookUpTexts: Equatable {
    /// The same bytes in every column.
    static func == (left: LookUpTexts, right: LookUpTexts) -> Bool {
        left.isActive == right.isActive
            && Revision.isSame(left.userName, right.userName)
            && Revision.isSame(left.displayName, right.displayName)
            && Revision.isSame(left.employeeNumber, right.employeeNumber)
            && Revision.isSame(left.managerValue, right.managerValue)
            && Revision.isSame(left.managerSent, right.managerSent)
            && Revision.isSame(left.shownName, right.shownName)
    }
}
