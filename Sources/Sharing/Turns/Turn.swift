package import Tenancy

/// Proof that a request may be worked on: it has passed its tenant's ceiling, and holds a place and room for its body.
///
/// Only ``Turns`` makes one, and whoever got it gives it back once, by ``Turns/ended(_:)``.
package struct Turn: Sendable {
    /// Whose request it is.
    package let scope: TenantScope
    /// Bytes of the body that there is room for.
    let bodyBytes: Int

    /// `fileprivate` would be enough, were the line not in a file of its own.
    init(scope: TenantScope, bodyBytes: Int) {
        self.scope = scope
        self.bodyBytes = bodyBytes
    }
}
