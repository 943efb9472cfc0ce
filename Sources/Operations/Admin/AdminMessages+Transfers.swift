extension AdminMessages {
    /// `POST /v1/exports`: a page of learners as lines of a file.
    package struct ExportUsers: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// `csv` or `jsonl`.
        package var form: String
        /// Which learners.
        package var selection: UserSelection
        /// The moment that is read, as the first page named it; nil begins.
        package var snapshot: String?
        /// The place after which the page begins.
        package var after: Int64

        /// A request for the first page.
        package init(tenant: String, form: String, selection: UserSelection) {
            self.tenant = tenant
            self.form = form
            self.selection = selection
            self.after = 0
        }
    }

    /// A page of learners as lines of a file.
    package struct ExportedUsers: FilePage {
        /// The lines with their ends, one after another.
        package var text = ""
        /// How many learners they are.
        package var count: Int
        /// The moment that is read; nil when this is the last page.
        package var snapshot: String?
        /// Where the next page begins.
        package var next: Int64

        private enum CodingKeys: CodingKey { case count, snapshot, next }
    }

    /// `POST /v1/tenant-exports`: a page of a tenant's archive.
    package struct ExportTenant: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The moment that is read, as the first page named it; nil begins.
        package var snapshot: String?
        /// How far the archive has come.
        package var place: ArchivePlace

        /// A request for the first page.
        package init(tenant: String) {
            self.tenant = tenant
            place = ArchivePlace()
        }
    }

    /// How far an archive has come.
    package struct ArchivePlace: Codable, Sendable {
        /// Which part is next.
        package var part = Part.head
        /// The row after which it goes on.
        package var row: Int64 = 0
        /// Among members of one group, the row after which it goes on.
        package var member: Int64 = 0

        /// The parts in their order.
        package enum Part: String, Codable, Sendable {
            /// The header and the connections.
            case head
            /// Resources that are there.
            case living
            /// Who is in which group.
            case members
            /// Records of deleted resources.
            case deleted
        }
    }

    /// A page of a tenant's archive.
    package struct ExportedTenant: FilePage {
        /// The lines with their ends, one after another.
        package var text = ""
        /// How many lines they are.
        package var count: Int
        /// The moment that is read; nil when this is the last page.
        package var snapshot: String?
        /// Where the next page begins.
        package var place: ArchivePlace

        private enum CodingKeys: CodingKey { case count, snapshot, place }

        /// A page of these lines, given without their ends.
        init(lines: [String], snapshot: String?, place: ArchivePlace) {
            for line in lines { text += line + "\n" }
            count = lines.count
            self.snapshot = snapshot
            self.place = place
        }
    }

    /// `POST /v1/tenant-imports`: lines of a tenant's archive, its header with each.
    package struct ImportTenant: Codable, Sendable {
        /// The tenant's name here.
        package var tenant: String
        /// The archive's first line.
        package var header: String
        /// Whether the tenant may hold what an interrupted import of the same archive left.
        package var isResumed: Bool
        /// Whether everything is checked and nothing stored.
        package var isDryRun: Bool
        /// The number of the first of the lines.
        package var firstLine: Int
        /// The lines; none asks whether the archive may come in at all.
        package var lines: [String]

        /// A request.
        package init(
            tenant: String,
            header: String,
            isResumed: Bool,
            isDryRun: Bool,
            firstLine: Int = 1,
            lines: [String] = []
        ) {
            self.tenant = tenant
            self.header = header
            self.isResumed = isResumed
            self.isDryRun = isDryRun
            self.firstLine = firstLine
            self.lines = lines
        }
    }

    /// What lines of an archive became.
    package struct ImportedTenant: Codable, Sendable {
        /// Connections that were made: they have no tokens yet.
        package var connections: [String] = []
        /// Users, groups and records that were stored.
        package var resources = 0
        /// Memberships that were stored, or were there.
        package var members = 0
    }

    /// `POST /v1/tenant-purges`: a tenant's store goes for good.
    package struct PurgeTenant: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// Whether nothing is to be done.
        package var isDryRun: Bool

        /// A request.
        package init(tenant: String, isDryRun: Bool) {
            self.tenant = tenant
            self.isDryRun = isDryRun
        }
    }

    /// What went, or would go.
    package struct PurgedTenant: Codable, Sendable {
        /// Files of the store.
        package var files: [StoredFile]
        /// Connections of the control database.
        package var connections: [String]
        /// Tokens, by their public ids, ended ones too.
        package var tokens: [String]
    }

    /// A file on the disk.
    package struct StoredFile: Codable, Sendable {
        /// Where it is.
        package var path: String
        /// Its size.
        package var bytes: Int
    }

    /// `POST /v1/store-checks`: what of the stores is not as it must be.
    package struct CheckStores: Codable, Sendable {
        /// Only this tenant's; nil is all, and the control databases.
        package var tenant: String?

        /// A request.
        package init(tenant: String?) {
            self.tenant = tenant
        }
    }

    /// What a check of one store found.
    package struct CheckedStore: Codable, Sendable {
        /// The cloud profile.
        package var profile: String
        /// The tenant; nil is the profile's control database.
        package var tenant: String?
        /// What is not as it must be.
        package var faults: [String]
    }

    /// `POST /v1/backups`: copies of stores in a new folder.
    package struct BackUpStores: Codable, Sendable {
        /// The folder, from the root; it must not be there yet.
        package var folder: String
        /// Only this tenant's; nil is all, and the control databases.
        package var tenant: String?

        /// A request.
        package init(folder: String, tenant: String?) {
            self.folder = folder
            self.tenant = tenant
        }
    }

    /// The manifest of a backup, which lies in its folder too.
    package struct BackedUpStores: Codable, Sendable {
        /// What the format is called.
        package var format = "scim-gateway backup"
        /// The version of the format.
        package var version = 1
        /// The program's version.
        package var program: String
        /// When the backup began, RFC 3339.
        package var created: String
        /// The copies.
        package var files: [BackedUpFile]
    }

    /// One copy of a backup.
    package struct BackedUpFile: Codable, Sendable {
        /// Below the folder: as below a data root.
        package var path: String
        /// Its size.
        package var bytes: Int
        /// SHA-256 of its bytes, in hexadecimal digits.
        package var sha256: String
    }
}
