extension AdminMessages {
    /// `POST /v1/verifications`: a question about a text that should be a token.
    package struct Verify: Codable, Sendable {
        /// What somebody pasted.
        package var text: String
        /// The Tenant URL that it is used with, when that is asked about.
        package var tenantURL: String?

        /// A question about a text.
        package init(text: String, tenantURL: String?) {
            self.text = text
            self.tenantURL = tenantURL
        }
    }

    /// What is known of a token that was shown; never the token.
    package struct Verified: Codable, Sendable {
        /// The token, when the text proves to be one of ours.
        package var token: TokenRow?
        /// What keeps it from working; empty when nothing does.
        package var complaints: [Complaint]
        /// What to paste as Tenant URL, when the token is ours and a listener serves its profile.
        package var tenantURL: String?
    }

    /// Something that keeps a token from working.
    package struct Complaint: Codable, Sendable, Equatable {
        /// What is wrong.
        package var problem: String
        /// What to do.
        package var fix: String
    }
}
