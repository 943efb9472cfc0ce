import ArgumentParser
import Linux
import Operations
import SCIM
import Transfer

/// `user import TENANT FILE --group G`.
struct UserImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make unmanaged learners of a file, CSV or JSON Lines, in a target group.",
        discussion: """
            CSV: a header naming userName and, as wanted, active, givenName, familyName, locale, preferredLanguage, timezone, \
            department, employeeNumber, manager. JSON Lines: a SCIM user a line. What user export writes can be read. A bad \
            line is told and stops no other; then the exit code is 1. A learner who is there with the same values is counted \
            and left alone, so an import can be repeated; one with other values is refused. A connection that provisions the \
            same userName later takes the learner over. At most 64 MiB, 1,000,000 lines, 8 KiB a field, 64 KiB a JSON line.

            Example: scim-gateway user import contoso people.csv --group all-staff --dry-run
            """
    )

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The tenant's name.")
    var tenant: String

    @Argument(help: "The file.", completion: .file(extensions: ["csv", "jsonl"]))
    var file: String

    @Option(help: "The target group that the learners join.")
    var group: String

    @Option(help: "csv or jsonl. (default: by the file's ending)")
    var form: LearnerFile.Form?

    @Flag(help: "Check everything, and make nobody. (default: off)")
    var dryRun = false

    func run() async throws {
        var screening = try screening()
        var (imported, present) = (0, 0)
        var progress = Progress(dryRun ? "checking" : "importing", total: screening.progress.total)
        do {
            defer { progress.end() }
            try await Desk.work(global) { desk in
                // Also for a file without one good line: a tenant or group that is not there is told.
                var isFirst = true
                while case let ready = try next(&screening), isFirst || !ready.isEmpty {
                    isFirst = false
                    let answer = try await desk.importUsers(order(ready))
                    imported += answer.imported
                    present += answer.present
                    for line in answer.refused {
                        screening.refuse(
                            RefusedLine(line: line.line, attribute: line.attribute, reason: line.reason)
                        )
                    }
                    progress.show(screening.progress.done)
                }
            }
        }
        tell(screening, imported: imported, present: present)
        if screening.refusedCount > 0 { throw ExitCode.failure }
    }

    private func screening() throws -> LearnerScreening {
        let ending = file.split(separator: ".").last.map(String.init) ?? ""
        guard let form = form ?? LearnerFile.Form(rawValue: ending) else {
            throw Failure("\(file) ends neither in .csv nor in .jsonl; say what it is: --form csv", .failure)
        }
        let bytes: [UInt8]
        do throws(DiskFile.Problem) {
            bytes = try DiskFile.bytes(of: file, atMost: TransferLimits.learnerFileBytes)
        } catch {
            throw Failure("\(file) cannot be read: \(error.sentence)", .failure)
        }
        do throws(CSVReader.Damage) {
            return try LearnerScreening(bytes, form: form)
        } catch {
            throw Failure("\(file):\(error.line): \(error.reason); nobody was imported", .failure)
        }
    }

    private func next(_ screening: inout LearnerScreening) throws -> [LearnerScreening.Ready] {
        do throws(CSVReader.Damage) {
            return try screening.next()
        } catch {
            throw Failure("\(file):\(error.line): \(error.reason)", .failure)
        }
    }

    private func order(_ ready: [LearnerScreening.Ready]) -> AdminMessages.Import {
        AdminMessages.Import(
            tenant: tenant,
            group: group,
            isDryRun: dryRun,
            lines: ready.map { .init(line: $0.line, json: $0.json) }
        )
    }

    private func tell(_ screening: LearnerScreening, imported: Int, present: Int) {
        for line in screening.refused.sorted(by: { $0.line < $1.line }) {
            let attribute = line.attribute.map { "\($0): " } ?? ""
            Output.note("\(file):\(line.line): refused: \(attribute)\(line.reason)")
        }
        let untold = screening.refusedCount - screening.refused.count
        if untold > 0 { Output.note("… and \(CountText.words(untold, "more refused line"))") }
        for (attribute, lines) in screening.ignored.sorted(by: { $0.key < $1.key }) {
            Output.note("not stored: \(attribute) (\(CountText.words(lines, "line")))")
        }
        let done = dryRun ? "would be imported" : "imported"
        let there = present > 0 ? " \(present) \(present == 1 ? "is" : "are") there already." : ""
        let refused = CountText.words(screening.refusedCount, "line")
        Output.note("\(CountText.words(imported, "learner")) \(done), \(refused) refused.\(there)")
    }
}

extension LearnerFile.Form: ExpressibleByArgument {}
