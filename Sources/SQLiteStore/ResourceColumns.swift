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
    /// A column with an index is written only when it changes: it costs the page of the index where the old text
    /// stands, and the one where the new text goes. `emailsBefore`: whether the row may have e-mail addresses.
    ///
    /// - Returns: Those columns that did change.
    @discardableResult
    func update(_ row: Int64, _ revision: Revision, emailsBefore: Bool) throws -> [IndexedColumn] {
        let texts = LookUpTexts(revision.resource, codec)
        let statement = try database.prepared(
            """
            UPDATE resources SET version = ?1, last_modified = ?2, attribute_set = ?3, splice_external_id = ?4,
                splice_manager = ?5, splice_groups = ?6, splice_location = ?7, document = ?8, active = ?10,
                manager_sent = ?11, shown_name = ?12
            WHERE row = ?9
            """
        )
        try bind(statement, revision.next, revision.resource.attributeSet)
        try statement.bind(9, row)
        try statement.bind(10, texts.active)
        try statement.bind(11, texts.managerSent)
        try statement.bind(12, texts.shownName)
        try statement.run()
        let changed = try columns(of: row, otherThan: texts)
        for column in changed { try update(row, column, texts) }
        if emailsBefore || !revision.resource.lookups.emailValues.isEmpty {
            try replaceEmails(of: row, by: revision.resource.lookups.emailValues)
        }
        return changed
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

    /// The columns with an index in which a row has something else.
    private func columns(of row: Int64, otherThan texts: LookUpTexts) throws -> [IndexedColumn] {
        let statement = try database.prepared(
            """
            SELECT user_name IS NOT ?2, display_name IS NOT ?3, employee_number IS NOT ?4, manager_value IS NOT ?5
            FROM resources WHERE row = ?1
            """
        )
        defer { statement.reset() }
        try statement.bind(1, row)
        for column in IndexedColumn.allCases {
            try statement.bind(column.rawValue + 2, column.text(of: texts))
        }
        guard try statement.step() else { return [] }
        return IndexedColumn.allCases.filter { statement.integer($0.rawValue) != 0 }
    }

    private func update(_ row: Int64, _ column: IndexedColumn, _ texts: LookUpTexts) throws {
        let text = column.text(of: texts)
        if column == .userName, let text, try self.row(storedUserName: text) != nil {
            throw StoreError.userNameTaken
        }
        let statement = try database.prepared(column.update)
        try statement.bind(1, text)
        try statement.bind(2, row)
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
        try statement.bind(first + 1, texts.active)
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
