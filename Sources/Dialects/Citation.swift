/// Where a client's departure from the RFC is documented.
package struct Citation: Sendable, Equatable {
    /// Who published it, and its title.
    package let document: String
    /// Where in it: the title of a section, or the number of an issue.
    package let place: String

    /// A place in a document.
    package init(document: String, place: String) {
        self.document = document
        self.place = place
    }
}
