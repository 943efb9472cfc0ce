import ArgumentParser
import Foundation
import SQLiteStore

/// The work of one process: one round of one case at one size.
///
/// Writes what it ``Measured`` to stdout as JSON.
struct Trial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "One round; started by the other commands.",
        shouldDisplay: false
    )

    @Argument(help: "The case.")
    var work: Work

    @Option(help: "Users of the tenant.")
    var users: Int

    @Option(help: "Members of the tenant's one group; 0: it has none.")
    var members: Int

    @Option(help: "Which round it is, from 0.")
    var round: Int

    @Option(help: "Requests to measure, after as many to warm up.")
    var operations: Int

    @Option(help: "What everything random is drawn from.")
    var seed: UInt64

    @Option(help: "The folder that holds the gateway's files.")
    var folder: String

    func run() async throws {
        let people = People(count: users, seed: seed)
        let limits = work == .load ? Loading.limits : .standard
        let gateway = try await BenchmarkGateway.open(in: folder, limits: limits)
        let round: Round
        do {
            round = try await self.round(of: people, gateway)
        } catch {
            await gateway.close()
            throw error
        }
        await gateway.close()
        let measured = Measured(
            round: round,
            peakMemoryKiB: try ProcessUsage.peakMemoryKiB(),
            fileKiB: try gateway.fileKiB()
        )
        Terminal.result(String(decoding: try JSONEncoder().encode(measured), as: UTF8.self))
    }

    private func round(of people: People, _ gateway: BenchmarkGateway) async throws -> Round {
        switch work {
        case .load:
            return try await Loading(gateway: gateway, people: people, members: members).round()
        case .userName, .externalID, .email:
            let lookUps = LookUps(gateway: gateway, people: people, operations: operations)
            return try await lookUps.round(round, by: work)
        case .addMember:
            let additions = MemberAdditions(
                gateway: gateway,
                people: people,
                members: members,
                operations: operations
            )
            return try await additions.round(round)
        }
    }
}

/// What is measured.
enum Work: String, ExpressibleByArgument, CaseIterable {
    /// Filling a new tenant through the store's import.
    case load
    /// `userName eq`.
    case userName
    /// `externalId eq`.
    case externalID
    /// `emails.value eq`.
    case email
    /// Adding one member to a group.
    case addMember
}

extension Work {
    /// The case, for people.
    var title: String {
        switch self {
        case .load: "load, per user"
        case .userName: "userName eq"
        case .externalID: "externalId eq"
        case .email: "emails.value eq"
        case .addMember: "add a member"
        }
    }

    /// What the product promises of a growing tenant, in times of the first size; nil where it promises nothing.
    var target: Double? {
        switch self {
        case .load: nil
        case .userName, .externalID, .email: 2
        case .addMember: 1.5
        }
    }
}
