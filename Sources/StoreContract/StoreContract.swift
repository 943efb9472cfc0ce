package import Store

/// The checks that every store must pass, on disk or in memory: product rules that only a store can keep.
///
/// ```swift
/// @Test(arguments: StoreContract.checks)
/// func keeps(_ check: StoreContract.Check) async throws { try await check.run(on: InMemoryTenantStore()) }
/// ```
package enum StoreContract {
    /// All checks.
    ///
    /// Each wants a store of its own that is empty.
    package static let checks: [Check] =
        reading + uniqueness + associating + changing + deleting + searching + walking + arranging + groups
        + memberSearch + loading + activity + rosters + operating + reinstating
        + concurrency

    /// One rule, and how a store is asked whether it keeps it.
    package struct Check: Sendable, CustomStringConvertible {
        /// The rule, as a sentence.
        package let title: String
        private let body: @Sendable (ContractStore) async throws -> Void

        /// A check.
        init(_ title: String, _ body: @escaping @Sendable (ContractStore) async throws -> Void) {
            self.title = title
            self.body = body
        }

        /// The rule.
        package var description: String { title }

        /// Asks an empty store.
        ///
        /// - Throws: ``Violation``, naming what does not hold; or an error of the store that no rule allows.
        package func run(on store: any TenantStore) async throws {
            try await body(ContractStore(store))
        }
    }

    /// What a store did against a rule.
    package struct Violation: Error, CustomStringConvertible {
        /// What should have held.
        package let expectation: String
        /// Where it was asked.
        package let line: Int

        /// Names the expectation and its line.
        package var description: String { "line \(line): \(expectation)" }
    }

    /// Wants something to hold.
    static func require(_ holds: Bool, _ expectation: String, line: Int = #line) throws {
        guard !holds else { return }
        throw Violation(expectation: expectation, line: line)
    }

    /// Wants an error of the store.
    static func require<Value>(
        _ error: StoreError,
        line: Int = #line,
        from body: () async throws -> Value
    ) async throws {
        do {
            _ = try await body()
        } catch let thrown as StoreError where thrown == error {
            return
        } catch let thrown as StoreError {
            throw Violation(expectation: "\(error) and not \(thrown)", line: line)
        }
        throw Violation(expectation: "\(error) and not success", line: line)
    }
}
