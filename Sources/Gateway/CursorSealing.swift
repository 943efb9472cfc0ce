import Crypto
import SCIM
import Synchronization
import Tenancy

/// Makes the cursors of paged lists, and takes them back (RFC 9865).
///
/// ```
/// cursor     = base64url(sealed)
/// plaintext  = format (1 byte) · expiry (8, milliseconds since 1970) · position
/// label      = tenant · connection · type · filter · sortBy · sortOrder, each with its length
/// ```
/// The gateway keeps nothing of a walk: the cursor holds where its last page ended. It is encrypted, since that may be a
/// person's name, and opens for the same connection and the same query only. The key is drawn when the profile starts and
/// never stored: after a restart a cursor is an invalid one, and the client begins again.
final class CursorSealing: Sendable {
    private let library: LibraryContext
    private let mostSeals: Int
    private let encryption: Mutex<AuthenticatedEncryption>

    /// The query that a cursor belongs to, and whose it is.
    ///
    /// `count` and the projection are not in it. RFC 9865 §2 tells clients to repeat every parameter; a page of another
    /// size or with other attributes is still the right page, and no client is helped by a refusal.
    struct Walk {
        /// What is searched; nil for all types.
        let type: ResourceType.Name?
        /// What is asked for.
        let search: SearchRequest
        /// Who asks.
        let scope: TenantScope

        /// What is authenticated with the cursor.
        var label: [UInt8] {
            let parts = [
                scope.tenant.id.text, scope.connection?.id.text, type?.rawValue, search.filter, search.sortBy,
                search.sortOrder.rawValue,
            ]
            // No length is negative: an absent part is unlike every text, the empty one included.
            return parts.flatMap { part in
                BigEndian.bytes(Int64(part?.utf8.count ?? -1)) + (part ?? "").utf8
            }
        }
    }

    /// Draws a key in the profile's library context.
    ///
    /// - Parameters:
    ///   - library: The profile's own.
    ///   - mostSeals: Cursors under one key; another one follows it.
    init(library: LibraryContext, mostSeals: Int = AuthenticatedEncryption.mostSeals) {
        self.library = library
        self.mostSeals = mostSeals
        encryption = Mutex(AuthenticatedEncryption(in: library, mostSeals: mostSeals))
    }
}

// MARK: - Around a page

extension CursorSealing {
    /// Where a search begins.
    ///
    /// - Throws: 400 `invalidCursor` for a cursor that is not of this walk, `expiredCursor` for one that is too old.
    func start(of walk: Walk, now: Timestamp) throws(Refusal) -> PageStart {
        guard let cursor = walk.search.cursor else { return .offset(walk.search.startIndex - 1) }
        guard !cursor.isEmpty else { return .cursor(after: nil) }
        return .cursor(after: try position(cursor, walk, now: now))
    }

    /// The cursor that asks for the page after this one; nil when there is none.
    ///
    /// - Throws: ``Refusal/unavailable(cause:)`` when the cipher fails.
    func cursor(after page: SCIMOutcome, _ walk: Walk, now: Timestamp) throws(Refusal) -> String? {
        guard case .page(_, _, _, let next?) = page else { return nil }
        return try cursor(next, walk, now: now)
    }
}

// MARK: - One cursor

extension CursorSealing {
    /// A cursor for that position, good for ``PageLimits/cursorSeconds``.
    ///
    /// - Throws: ``Refusal/unavailable(cause:)`` when the cipher fails.
    func cursor(_ position: PagePosition, _ walk: Walk, now: Timestamp) throws(Refusal) -> String {
        let expiry = now.milliseconds + Int64(PageLimits.cursorSeconds) * 1_000
        let plaintext = [Self.format] + BigEndian.bytes(expiry) + position.bytes
        return Base64URL.text(
            try Self.asking { () throws(CryptoError) in try seal(plaintext, authenticating: walk.label) }
        )
    }

    /// The position that a cursor of this walk holds.
    ///
    /// - Throws: 400 `invalidCursor` for anything else, `expiredCursor` after its time.
    func position(_ cursor: String, _ walk: Walk, now: Timestamp) throws(Refusal) -> PagePosition {
        guard cursor.utf8.count <= Self.mostLetters, let sealed = Base64URL.bytes(cursor) else {
            throw Refusal.scim(.invalidCursor)
        }
        let encryption = encryption.withLock { $0 }
        let plaintext = try Self.asking { () throws(CryptoError) in
            try encryption.open(sealed, authenticating: walk.label)
        }
        guard let plaintext, plaintext.first == Self.format,
            let expiry = BigEndian.integer(plaintext.dropFirst().prefix(BigEndian.width)),
            let position = PagePosition(bytes: plaintext.dropFirst(1 + BigEndian.width))
        else { throw Refusal.scim(.invalidCursor) }
        guard now.milliseconds <= expiry else { throw Refusal.scim(.expiredCursor) }
        return position
    }

    /// Seals under the key at hand, or under a new one when that has sealed as much as it may.
    ///
    /// The cursors of the old key end with it: once in four thousand million pages a client begins its walk again.
    private func seal(_ plaintext: [UInt8], authenticating label: [UInt8]) throws(CryptoError) -> [UInt8] {
        let current = encryption.withLock { $0 }
        do throws(CryptoError) {
            return try current.seal(plaintext, authenticating: label)
        } catch {
            guard error.code == .keyIsSpent else { throw error }
            let successor = AuthenticatedEncryption(in: library, mostSeals: mostSeals)
            // Another request may have been first; its key is then the one in force.
            let encryption = encryption.withLock { encryption in
                if encryption === current { encryption = successor }
                return encryption
            }
            return try encryption.seal(plaintext, authenticating: label)
        }
    }

    private static func asking<Result>(_ step: () throws(CryptoError) -> Result) throws(Refusal) -> Result {
        do throws(CryptoError) {
            return try step()
        } catch {
            let reasons = error.opensslReasons.joined(separator: ", ")
            throw Refusal.unavailable(cause: "cursor: \(error.code.rawValue) (\(reasons))")
        }
    }

    /// The first byte of what is sealed: changes with the layout.
    private static let format: UInt8 = 1
    /// Letters of the longest cursor: no other text is decoded.
    private static let mostLetters =
        ((AuthenticatedEncryption.overhead + 1 + BigEndian.width + PagePosition.mostBytes) * 4 + 2) / 3
}

// MARK: - What the client is told

extension SCIMError {
    /// 400 (RFC 9865 §2.1): the same for a cursor that is garbled, of another query, connection or tenant.
    static let invalidCursor = SCIMError.badRequest(
        .invalidCursor,
        "This cursor does not belong to this query of this connection. Send nextCursor of the page before with the same "
            + "filter and sorting, or begin again with an empty cursor."
    )

    /// 400 (RFC 9865 §2.1).
    static let expiredCursor = SCIMError.badRequest(
        .expiredCursor,
        "This cursor is older than pagination.cursorTimeout of the ServiceProviderConfig. Begin again with an empty cursor."
    )
}
