/// The lives of a profile's tokens: each with its uses, and with those that step in its place.
package struct TokenLives {
    private let kept: [AccessToken.ID: TokenUseRecord]
    private let before: TenantDirectory?
    /// Of the tokens that commands made; shared by a token and those that it follows or is followed by.
    private var uses: [AccessToken.ID: TokenUse] = [:]
    private var successors: [AccessToken.ID: [Step]] = [:]

    private struct Step {
        let tenant: Tenant.ID
        let connection: Connection.ID
        let successor: TokenLife.Successor
    }

    /// Lives out of what the control database keeps; uses that are being noted already go on in the same objects.
    package init(contents: ControlContents, before: TenantDirectory?) {
        kept = contents.uses
        self.before = before
        for token in contents.tokens { uses[token.id] = use(of: token) }
        for token in contents.tokens {
            guard let replacement = token.replacement, let use = uses[token.id] else { continue }
            let successor = TokenLife.Successor(
                id: token.id,
                use: use,
                overlapMilliseconds: replacement.overlapMilliseconds
            )
            successors[replacement.predecessor, default: []].append(
                Step(tenant: token.tenant, connection: token.connection, successor: successor)
            )
        }
    }

    /// The life of a token.
    ///
    /// Only a token of its own connection can step in its place.
    package func life(of record: TokenRecord) -> TokenLife {
        let steps = successors[record.id, default: []].filter {
            $0.tenant == record.tenant && $0.connection == record.connection
        }
        return TokenLife(
            record,
            use: uses[record.id] ?? use(of: record),
            successors: steps.map(\.successor)
        )
    }

    /// Another secret under the same id is another token: its uses begin anew.
    private func use(of record: TokenRecord) -> TokenUse {
        if let entry = before?.token(record.id), entry.record.digest == record.digest {
            return entry.life.use
        }
        return TokenUse(kept[record.id])
    }
}
