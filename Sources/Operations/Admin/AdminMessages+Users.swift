extension AdminMessages {
    /// Which learners are meant; several conditions must all hold.
    package struct UserSelection: Codable, Sendable {
        /// A SCIM filter.
        package var filter: String?
        /// Those of a target group, by its name in the tenant's file.
        package var group: String?
        /// Those that a connection manages.
        package var connection: String?
        /// Those that no connection manages.
        package var isUnmanaged: Bool
        /// Records of deleted ones, instead of those that are there.
        package var isDeleted: Bool

        /// A selection; nothing said is all learners.
        package init(
            filter: String? = nil,
            group: String? = nil,
            connection: String? = nil,
            isUnmanaged: Bool = false,
            isDeleted: Bool = false
        ) {
            self.filter = filter
            self.group = group
            self.connection = connection
            self.isUnmanaged = isUnmanaged
            self.isDeleted = isDeleted
        }
    }

    /// `POST /v1/users`: a page of learners.
    package struct ListUsers: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// Which learners.
        package var selection: UserSelection
        /// The place after which the page begins; 0 is the first.
        package var after: Int64
        /// How many, at most.
        package var count: Int

        /// A request for a page.
        package init(tenant: String, selection: UserSelection, after: Int64 = 0, count: Int) {
            self.tenant = tenant
            self.selection = selection
            self.after = after
            self.count = count
        }
    }

    /// A page of learners.
    package struct Users: Codable, Sendable {
        /// The learners, oldest first.
        package var rows: [UserRow]
        /// Where the next page begins; nil when this is the last.
        package var next: Int64?
    }

    /// One learner of a list.
    package struct UserRow: Codable, Sendable {
        /// The SCIM id.
        package var id: String
        /// `userName`.
        package var userName: String
        /// `active`; nil when nobody said.
        package var active: Bool?
        /// `name.givenName`.
        package var givenName: String?
        /// `name.familyName`.
        package var familyName: String?
        /// The groups that the learner is in, by their names for people.
        package var groups: [String]
        /// The connection that manages the learner; nil is an unmanaged one.
        package var managedBy: String?
        /// When the learner was made, RFC 3339.
        package var created: String
        /// When the learner was last written, RFC 3339.
        package var lastModified: String
        /// When the learner was deleted, RFC 3339.
        package var deleted: String?
    }

    /// `POST /v1/shown-users`: all that is known of one learner.
    package struct ShowUser: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The SCIM id, or the `userName`.
        package var user: String

        /// A request to show a learner.
        package init(tenant: String, user: String) {
            self.tenant = tenant
            self.user = user
        }
    }

    /// One learner.
    package struct ShownUser: Codable, Sendable {
        /// `managedBy`, `externalIds`, `deleted` and `resource`, as JSON.
        package var json: String
    }

    /// `POST /v1/imports`: lines of a file, each as JSON that a client might send.
    package struct Import: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The target group that the learners join.
        package var group: String
        /// Whether everything is checked and nothing made.
        package var isDryRun: Bool
        /// The lines.
        package var lines: [Line]

        /// One line.
        package struct Line: Codable, Sendable {
            /// 1-based line in the file.
            package var line: Int
            /// A learner as a client would send them.
            package var json: String

            /// A line of a file.
            package init(line: Int, json: String) {
                self.line = line
                self.json = json
            }
        }

        /// A request to import.
        package init(tenant: String, group: String, isDryRun: Bool, lines: [Line]) {
            self.tenant = tenant
            self.group = group
            self.isDryRun = isDryRun
            self.lines = lines
        }
    }

    /// What an import did, or would do.
    package struct Imported: Codable, Sendable {
        /// Learners that were made.
        package var imported = 0
        /// Learners that were there with the same values: nothing was done.
        package var present = 0
        /// Lines that were refused.
        package var refused: [RefusedLine] = []
    }

    /// One refused line of an import.
    package struct RefusedLine: Codable, Sendable {
        /// 1-based line in the file.
        package var line: Int
        /// The attribute at fault; nil when the line as a whole is.
        package var attribute: String?
        /// Why, without the line's values.
        package var reason: String
    }

    /// `POST /v1/moves`: a page of learners goes to another target group.
    package struct MoveUsers: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// The target group that they join.
        package var to: String
        /// The target group that they leave; nil is every one that they are in.
        package var from: String?
        /// Their ids; nil is all of the group or the filter.
        package var users: [String]?
        /// Only those who fulfil it.
        package var filter: String?
        /// Whether nothing is to be done.
        package var isDryRun: Bool
        /// The place after which the page begins; 0 is the first.
        package var after: Int64

        /// A request to move.
        package init(
            tenant: String,
            to: String,
            from: String?,
            users: [String]?,
            filter: String?,
            isDryRun: Bool,
            after: Int64 = 0
        ) {
            self.tenant = tenant
            self.to = to
            self.from = from
            self.users = users
            self.filter = filter
            self.isDryRun = isDryRun
            self.after = after
        }
    }

    /// What a page of a move did, or would do.
    package struct MovedUsers: Codable, Sendable {
        /// Learners that were moved.
        package var moved: Int
        /// Ids that no learner has.
        package var missing: [String]
        /// Where the next page begins; nil when this is the last.
        package var next: Int64?
    }

    /// `POST /v1/restorations` and `/v1/purges`: deleted learners come back, or go for good.
    package struct DeletedUsers: Codable, Sendable {
        /// The tenant's name.
        package var tenant: String
        /// Their ids.
        package var users: [String]
        /// For a purge: whether learners may go who were not deleted.
        package var includesLiving: Bool
        /// Whether nothing is to be done.
        package var isDryRun: Bool

        /// A request.
        package init(tenant: String, users: [String], includesLiving: Bool = false, isDryRun: Bool) {
            self.tenant = tenant
            self.users = users
            self.includesLiving = includesLiving
            self.isDryRun = isDryRun
        }
    }

    /// What became of one learner.
    package struct UserResult: Codable, Sendable {
        /// The id.
        package var user: String
        /// Why it was not done; nil when it was, or would be.
        package var refusal: String?
        /// What did not come back with the learner.
        package var notes: [String] = []
    }
}
