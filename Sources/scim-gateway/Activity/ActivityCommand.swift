import ArgumentParser
import Foundation
import Operations
import Terminal

/// `scim-gateway activity [TENANT]`: what connections did, and why it failed.
struct ActivityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activity",
        abstract: "Show what the connections of a tenant did, and why it failed.",
        discussion: """
            Oldest first. Reads are counted per minute. With -o json each entry is a line of its own. Entries are chained by
            hashes: --verify says whether one was edited or is missing (exit code 3). The hash that it prints, kept elsewhere,
            proves later that none was cut off at the end.

            Example: scim-gateway activity contoso --only problems --since 2h
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name; all tenants when it is left out.", completion: .tenants)
    var tenant: String?

    @Flag(help: "Go on showing what happens, until Ctrl-C. (default: off)")
    var follow = false

    @Option(
        help: "Only what happened in that time: 90s, 15m, 2h, 3d. (default: any)",
        transform: Span.reading
    )
    var since: Int?

    @Option(help: "problems: only what was refused, throttled or failed. (default: all)")
    var only: Only?

    @Option(help: "Only what this request left: the X-Request-Id of its answer. (default: any)")
    var request: String?

    @Option(name: [.customShort("n"), .long], help: "How many entries, at most: 1 to 1000.")
    var count = 50

    @Flag(help: "Show nothing; examine whether all entries are as they were written. (default: off)")
    var verify = false

    @OptionGroup var form: FormOptions

    /// What to leave out.
    enum Only: String, ExpressibleByArgument {
        case problems
    }

    func validate() throws {
        guard !follow || tenant != nil else {
            throw ValidationError("name the tenant to follow: scim-gateway activity TENANT --follow")
        }
        guard (1...1_000).contains(count) else { throw ValidationError("write --count 1 to 1000") }
        guard !verify || (!follow && since == nil && only == nil && request == nil) else {
            throw ValidationError(
                "--verify examines all entries: leave --follow, --since, --only and --request out"
            )
        }
    }

    func run() async throws {
        if verify { return try await examine() }
        var order = AdminMessages.ActivityOrder(
            tenant: tenant,
            lastSeconds: since,
            onlyProblems: only == .problems,
            request: request,
            count: count
        )
        let first = order
        let newest = try await Desk.work(global) { try await $0.activity(first) }
        try show(newest.rows)
        // A tenant that is gone has no more to come.
        guard follow, newest.next != nil else { return }
        order.after = newest.next
        while true {
            try await ContinuousClock().sleep(for: .seconds(1))
            let next = order
            let page: AdminMessages.ActivityRows = try await Running.asked(global) {
                try await $0.send("POST", "/v1/activity", next)
            }
            try show(page.rows)
            order.after = page.next
        }
    }

    private func examine() async throws {
        let tenants = try await Desk.work(global) { try await $0.examineActivity(of: tenant) }
        try form.show(
            tenants,
            names: \.tenant,
            columns: ["TENANT", "WHOLE", "WITHOUT HASH", "LAST", "HASH OF THE LAST"]
        ) { examined in
            [
                .init(examined.tenant), .init("\(examined.whole)"), .init("\(examined.unchained)"),
                .init("\(examined.lastNumber)"), .init(examined.lastHash),
            ]
        }
        let broken = tenants.compactMap { examined in
            examined.fault.map { "error: tenant \(examined.tenant): \($0)" }
        }
        if !broken.isEmpty { throw Failure(lines: broken, .problems) }
    }

    private func show(_ rows: [AdminMessages.ActivityRow]) throws {
        for row in rows {
            switch form.output {
            case .json: try Output.jsonLine(row)
            case .yaml:
                Output.result("---")
                try form.showValue(row)
            case .name: Output.result(row.requestID ?? "-")
            case .table, .wide: Output.result(line(row))
            }
        }
    }

    /// `2026-11-26 12:00:01Z  user.updated  ok  drivers  User 0f3c…  active, name.givenName`.
    private func line(_ row: AdminMessages.ActivityRow) -> String {
        let moment = String(row.time.prefix(19)).replacing("T", with: " ") + "Z"
        var cells: [String] = [moment, row.kind, row.status.map { "\(row.outcome) \($0)" } ?? row.outcome]
        if tenant == nil { cells.append(row.tenant) }
        cells.append(row.connection ?? row.actor)
        if row.count > 1 { cells.append("\(row.count)×") }
        if let id = row.resourceID { cells.append("\(row.resourceType ?? "") \(id)") }
        if let changed = row.changed { cells.append(changed.joined(separator: ", ")) }
        if let notes = row.notes { cells.append("(\(notes.joined(separator: ", ")))") }
        if row.outcome != "ok" { cells.append("[\(row.requestID ?? "-")]") }
        if let explanation = row.explanation { cells.append(explanation) }
        return cells.joined(separator: "  ")
    }
}

/// Durations back from now.
enum Span {
    /// Reads `90s`, `15m`, `2h` or `3d` as seconds.
    static func reading(_ text: String) throws -> Int {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()), number > 0,
            case let (seconds, overflow) = number.multipliedReportingOverflow(by: unit), !overflow
        else {
            throw ValidationError("write a time with its unit, such as 90s, 15m, 2h or 3d")
        }
        return seconds
    }
}
