extension AdminMessages {
    /// `POST /v1/activity`: which entries are wanted.
    package struct ActivityOrder: Codable, Sendable {
        /// The tenant's name; nil is all tenants, newest entries only.
        package var tenant: String?
        /// Where the page before ended; nil is the newest entries.
        package var after: ActivityMark?
        /// Only what happened in the last so many seconds.
        package var lastSeconds: Int?
        /// Only what was refused, throttled or failed.
        package var onlyProblems: Bool
        /// Only what that request left.
        package var request: String?
        /// How many, 1…1,000.
        package var count: Int

        /// A wish for entries.
        package init(
            tenant: String?,
            after: ActivityMark? = nil,
            lastSeconds: Int? = nil,
            onlyProblems: Bool = false,
            request: String? = nil,
            count: Int
        ) {
            self.tenant = tenant
            self.after = after
            self.lastSeconds = lastSeconds
            self.onlyProblems = onlyProblems
            self.request = request
            self.count = count
        }
    }

    /// How far a reader of one tenant's activity has come.
    package struct ActivityMark: Codable, Sendable {
        /// The last entry's number.
        package var number: Int64
        /// The last minute of counted requests: milliseconds since 1970.
        package var minute: Int64
    }

    /// Entries, oldest first.
    package struct ActivityRows: Codable, Sendable {
        /// The entries.
        package var rows: [ActivityRow]
        /// Where the next page begins; nil for all tenants.
        package var next: ActivityMark?
    }

    /// One entry, under the names by which those who collect entries know their fields.
    package struct ActivityRow: Codable, Sendable {
        /// A UUIDv7 by which others may know the entry (``ActivityRowID``).
        package var id: String
        /// Its number among the tenant's entries, which count up by one; nil for counted reads.
        package var number: Int64?
        /// RFC 3339, UTC.
        package var time: String
        /// Whose it is.
        package var tenant: String
        /// The connection.
        package var connection: String?
        /// The group that the connection fills.
        package var group: String?
        /// Who did it: the client's dialect, such as `entra`, `client` for one of which no dialect is known, `probe:NAME`,
        /// `operator:NAME` or `system`.
        package var actor: String
        /// The public id of the token.
        package var tokenID: String?
        /// What happened: `user.updated`.
        package var kind: String
        /// Method and route: `PATCH /Users/{id}`.
        package var operation: String?
        /// `User` or `Group`.
        package var resourceType: String?
        /// The resource's id.
        package var resourceID: String?
        /// The attributes that changed.
        package var changed: [String]?
        /// Attributes that were named and not stored.
        package var notes: [String]?
        /// `ok`, `refused`, `failed` or `throttled`.
        package var outcome: String
        /// The status of the answer; nil for a write.
        package var status: Int?
        /// The `scimType` of the answer.
        package var scimType: String?
        /// Why, as a word.
        package var reason: String?
        /// Why, and what to do.
        package var explanation: String?
        /// What to do, as a word of a closed set (``ActivityAdvice``); nil when nothing is to be done.
        package var adviceCode: String?
        /// How long it took.
        package var milliseconds: Int?
        /// The peer's address.
        package var clientAddress: String?
        /// Whose network that is in: `azure-commercial`, `azure-gov`, `azure-china` or `other`; nil when no list is known.
        package var network: String?
        /// `1.2` or `1.3`.
        package var tlsVersion: String?
        /// `1.1` or `2`.
        package var httpVersion: String?
        /// What the client calls itself.
        package var userAgent: String?
        /// How the request departed from the RFC and was understood all the same.
        package var quirks: [String]?
        /// A word for the user's `userName`, the same in all entries about it; nil where the profile allows none.
        package var userName: String?
        /// The same for the `externalId`.
        package var externalID: String?
        /// `X-Request-Id` of the answer.
        package var requestID: String?
        /// How many requests it stands for.
        package var count: Int
        /// SHA-256 of the entry before, in hexadecimal.
        package var previousHash: String?

        private enum CodingKeys: String, CodingKey {
            case id, number, time, tenant, connection, group, actor
            case tokenID = "token_id"
            case kind, operation
            case resourceType = "resource_type"
            case resourceID = "resource_id"
            case changed, notes, outcome, status
            case scimType = "scim_type"
            case reason, explanation
            case adviceCode = "advice_code"
            case milliseconds = "duration_ms"
            case clientAddress = "client_address"
            case network
            case tlsVersion = "tls"
            case httpVersion = "http"
            case userAgent = "user_agent"
            case quirks
            case userName = "user_name"
            case externalID = "external_id"
            case requestID = "request_id"
            case count
            case previousHash = "prev_hash"
        }
    }

    /// `POST /v1/activity/examinations`: whose entries are to be examined.
    package struct ExamineActivity: Codable, Sendable {
        /// The tenant's name; nil is all tenants.
        package var tenant: String?

        /// A wish for an examination.
        package init(tenant: String?) {
            self.tenant = tenant
        }
    }

    /// What the examination of one tenant's entries has found.
    package struct ExaminedActivity: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// How many entries follow one another as they were written.
        package var whole: Int
        /// How many are of before entries were chained: nothing can be said of them.
        package var unchained: Int
        /// The number of the last whole one.
        package var lastNumber: Int64
        /// Its hash, in hexadecimal: kept elsewhere, it also proves that none was cut off after it.
        package var lastHash: String
        /// Where the chain is broken first, in a sentence; nil when it is whole.
        package var fault: String?
    }
}
