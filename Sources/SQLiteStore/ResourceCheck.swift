import SCIM
import Store
import Tenancy

/// Looks whether the look-up columns of each resource agree with its document: an index that does not finds the wrong
/// person, or nobody.
struct ResourceCheck {
    /// The file's own check.
    let check: StoreCheck
    /// Turns blobs and look-up texts into what is stored, and back.
    let codec: DocumentCodec
    /// Faults that may still be told.
    let room: Int

    /// What does not agree.
    func faults() throws -> [StoreFault] {
        var faults: [StoreFault] = []
        let rows = ResourceRows(database: check.database, connection: nil, codec: codec)
        try check.forEachRow("SELECT row, id FROM resources ORDER BY row") { row in
            guard let found = try rows.found(row: row.integer(0)) else { return true }
            if let fault = try fault(of: found) { faults.append(fault) }
            return faults.count < room
        }
        return faults
    }

    private func fault(of found: ResourceRows.Found) throws -> StoreFault? {
        let (resource, id) = (found.resource, found.resource.id)
        let name = "\(resource.type.rawValue) \(id)"
        let read: Revision
        do throws(SCIMError) {
            read = try Revision(restoring: resource, now: resource.lastModified)
        } catch {
            return StoreFault("\(name): its document cannot be read")
        }
        let columns = ResourceColumns(database: check.database, codec: codec)
        guard try columns.lookUpTexts(of: found.row) == LookUpTexts(read.resource, codec) else {
            return StoreFault("\(name): its look-up columns do not agree with its document")
        }
        guard try emails(of: found.row) == Set(read.resource.lookups.emailValues.map(emailKey)) else {
            return StoreFault("\(name): its e-mail addresses do not agree with its document")
        }
        let same = resource.nextDocument(version: resource.version, lastModified: resource.lastModified)
        guard same.bytes == resource.document else {
            return StoreFault("\(name): its version and times do not agree with its document")
        }
        return nil
    }

    private func emailKey(_ address: String) -> [UInt8] { Array(codec.lookUp(.email, address).utf8) }

    private func emails(of row: Int64) throws -> Set<[UInt8]> {
        let statement = try check.database.prepared("SELECT value FROM emails WHERE resource = ?1")
        defer { statement.reset() }
        try statement.bind(1, row)
        var found: Set<[UInt8]> = []
        while try statement.step() { found.insert(Array(statement.text(0).utf8)) }
        return found
    }
}
