import CloudProfiles
import Dialects
import SCIM

@testable import Gateway
@testable import Tenancy

/// Cursors: none but our own opens, and ours give back what was sealed.
///
/// Each input is taken for a cursor and for the position in one.
enum CursorPromises {
    private static let sealing = CursorSealing(library: SampleLibrary.context)
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    static func check(_ input: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: input, as: UTF8.self)
        try promise("an invented cursor is invalid", refusal(of: text) == .invalidCursor)
        let letters = Base64URL.text(input)
        try promise("invented bytes are an invalid cursor", refusal(of: letters) == .invalidCursor)
        try promise("letters give their bytes back", Base64URL.bytes(letters) == input)

        guard let position = PagePosition(bytes: input) else { return }
        // By their bytes: a position may be at a number that is none, which equals nothing.
        let again = PagePosition(bytes: position.bytes)
        try promise("a position gives its bytes back", again?.bytes == position.bytes)
        try promise("a position is short", position.bytes.count <= PagePosition.mostBytes)
        try checkSealing(of: position, input)
    }

    private static func checkSealing(of position: PagePosition, _ input: [UInt8]) throws(BrokenPromise) {
        let cursor = try promised("a position can be sealed") {
            try sealing.cursor(position, walk(.user), now: now)
        }
        let opened = try promised("our own cursor opens") {
            try sealing.position(cursor, walk(.user), now: now)
        }
        try promise("a cursor gives its position back", opened.bytes == position.bytes)
        let later = Timestamp(milliseconds: now.milliseconds + Int64(PageLimits.cursorSeconds) * 1_000 + 1)
        try promise("an old cursor is an expired one", refusal(of: cursor, now: later) == .expiredCursor)
        try promise("another search's cursor is invalid", refusal(of: cursor, walk(.group)) == .invalidCursor)

        var letters = Array(cursor.utf8)
        let place = Int(input.last ?? 0) % letters.count
        letters[place] = letters[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        let changed = String(decoding: letters, as: UTF8.self)
        try promise("a changed cursor is invalid", refusal(of: changed) == .invalidCursor)
    }

    /// What the client is told; nil when the cursor is good, or the refusal is of another kind.
    private static func refusal(
        of cursor: String,
        _ walk: CursorSealing.Walk = walk(.user),
        now: Timestamp = now
    ) -> SCIMError.Kind? {
        do throws(Refusal) {
            _ = try sealing.position(cursor, walk, now: now)
            return nil
        } catch {
            guard case .scim(let refusal) = error else { return nil }
            return refusal.kind
        }
    }

    private static func walk(_ type: ResourceType.Name) -> CursorSealing.Walk {
        CursorSealing.Walk(type: type, search: search, scope: scope)
    }

    private static let search: SearchRequest = {
        do throws(SCIMError) {
            return try SearchRequest.reading(parameters: [(name: "filter", value: "userName sw \"a\"")])
        } catch {
            preconditionFailure("the sample itself is refused: \(error)")
        }
    }()

    private static let scope = TenantScope(
        tenant: Tenant(
            id: Tenant.ID("contoso"),
            displayName: "Contoso",
            profile: .commercial,
            status: .active,
            overlap: .lastWriter,
            groups: [],
            connections: [],
            deletedRetention: .seconds(60),
            limits: TenantLimits(requestsPerSecond: 500, burst: 1_000, queueTime: .seconds(2))
        ),
        connection: nil,
        profile: .named(.commercial),
        tokenID: nil
    )
}
