internal import CloudProfiles
internal import Configuration
internal import Linux
internal import SCIM

/// Decides, file by file, which version of it serves.
struct FileLoading {
    private(set) var findings: [Finding] = []
    private(set) var accepted: [String: TenantDirectories.KeptFile] = [:]
    private(set) var fileCount = 0

    private let rules: Rules
    private var candidates: [Candidate] = []
    private var tokens: [AccessToken.ID: (tenant: Tenant.ID, place: FilePlace)] = [:]
    private var keptNames: Set<String> = []
    private var heldNames: Set<String> = []

    /// A file as it is now and as it was.
    private struct Candidate {
        let name: String
        let path: String
        /// Nil when it cannot be used.
        let present: TenantDirectories.KeptFile?
        let previous: TenantDirectories.KeptFile?

        var isUnchanged: Bool {
            present != nil && present?.bytes == previous?.bytes
                && present?.file.outsideValues == previous?.file.outsideValues
        }

        /// Who goes first when two claim the same: what serves already must not fall to a newcomer.
        var rank: Int { isUnchanged ? 0 : previous != nil ? 1 : 2 }
    }

    /// What the files are held against.
    struct Rules {
        /// The profiles that have a listener; nil when the settings cannot be read, and nothing is known of it.
        let served: Set<CloudProfile.Name>?
        let previous: TenantDirectories
        let stores: [Tenant.ID: Set<CloudProfile.Name>]
        let now: Timestamp
        /// The profiles whose control database is known and holds no networks for `entra`.
        let withoutNetworks: Set<CloudProfile.Name>
        /// What the environment and files hold for `${env:…}` and `${file:…}`.
        let outside: OutsideValues
        /// Whether tenants whose files are gone are removed, however many they are.
        let allowsRemovals: Bool
    }

    private init(rules: Rules) {
        self.rules = rules
    }

    /// Reads a folder and decides on each of its files.
    static func loaded(_ folder: String, _ rules: Rules, _ files: some FileReader) -> FileLoading {
        var loading = FileLoading(rules: rules)
        do throws(DiskFile.Problem) {
            for name in try files.names(in: folder) { loading.take(name, in: folder, files) }
            loading.holdVanished(folder)
        } catch {
            loading.keepAll(folder, error)
        }
        loading.acceptAll()
        return loading
    }

    /// Reads one entry of the folder.
    private mutating func take(_ name: String, in folder: String, _ files: some FileReader) {
        guard GatewaySettings.TenantFolder.looks(at: name) else { return }
        let path = "\(folder)/\(name)"
        guard name.hasSuffix(".yaml") else {
            let place = FilePlace(file: path)
            findings.append(Finding(.warning, "this file is not read", at: place, fix: "name it *.yaml"))
            return
        }
        fileCount += 1
        let previous = rules.previous.files[name]
        do throws(DiskFile.Problem) {
            let bytes = try files.bytes(of: path, atMost: ConfigurationLimits.fileBytes)
            if let previous, previous.bytes == bytes, previous.file.outsideValues.isEmpty {
                findings += previous.findings
                candidates.append(Candidate(name: name, path: path, present: previous, previous: previous))
                return
            }
            let checked = TenantFile.read(bytes, path: path, now: rules.now, outside: rules.outside)
            findings += checked.findings
            let present = checked.value.map {
                TenantDirectories.KeptFile(
                    bytes: bytes,
                    file: $0,
                    findings: checked.findings,
                    generation: rules.previous.generation + 1
                )
            }
            candidates.append(Candidate(name: name, path: path, present: present, previous: previous))
        } catch {
            findings.append(Finding(.error, error.sentence, at: FilePlace(file: path), fix: error.fix))
            candidates.append(Candidate(name: name, path: path, present: nil, previous: previous))
        }
    }

    /// Goes on with what there was, because the folder cannot be read.
    private mutating func keepAll(_ folder: String, _ problem: DiskFile.Problem) {
        let stay = rules.previous.files.isEmpty ? nil : "the files read before stay in force"
        let fix = [problem.fix, stay].compactMap { $0 }.joined(separator: "; ")
        findings.append(
            Finding(
                .error,
                problem.sentence,
                at: FilePlace(file: folder),
                fix: fix.isEmpty ? nil : fix
            )
        )
        candidates = rules.previous.files.map { name, file in
            Candidate(name: name, path: "\(folder)/\(name)", present: file, previous: file)
        }
    }

    /// Goes on with tenants whose files are gone, when they are more than one load may remove.
    private mutating func holdVanished(_ folder: String) {
        let present = Set(candidates.map(\.name))
        let gone = rules.previous.files.filter { !present.contains($0.key) }
        let serving = rules.previous.files.count
        guard !rules.allowsRemovals, VanishingGuard.isTripped(gone: gone.count, of: serving) else { return }
        findings.append(VanishingGuard.finding(gone: gone.map(\.value.file.tenant), of: serving, in: folder))
        for (name, file) in gone {
            heldNames.insert(name)
            candidates.append(
                Candidate(name: name, path: "\(folder)/\(name)", present: file, previous: file)
            )
        }
    }

    /// Holds the files against one another and decides.
    private mutating func acceptAll() {
        candidates.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for candidate in (0...2).flatMap({ rank in candidates.filter { $0.rank == rank } }) {
            if let present = candidate.present {
                let problems = problems(of: present.file)
                findings += problems
                if problems.isEmpty {
                    accept(present, candidate.name)
                    continue
                }
            }
            guard !candidate.isUnchanged, let previous = candidate.previous,
                problems(of: previous.file).isEmpty
            else {
                continue
            }
            accept(previous, candidate.name)
            keptNames.insert(candidate.name)
            let place = FilePlace(file: candidate.path)
            findings.append(
                Finding(
                    .warning,
                    "this file is not applied; as it was read before, it stays in force",
                    at: place
                )
            )
        }
    }

    /// What is different from before.
    func change() -> DirectoryChange {
        var change = DirectoryChange()
        for candidate in candidates {
            guard let file = accepted[candidate.name] else {
                change.refused.append(candidate.name)
                continue
            }
            if heldNames.contains(candidate.name) {
                change.held.append(file.file.tenant)
            } else if keptNames.contains(candidate.name) {
                change.kept.append(file.file.tenant)
            } else if candidate.previous == nil {
                change.added.append(file.file.tenant)
            } else if candidate.isUnchanged {
                change.unchanged += 1
            } else {
                change.changed.append(file.file.tenant)
            }
        }
        let gone = rules.previous.files.filter { accepted[$0.key] == nil }
        change.removed = gone.map(\.value.file.tenant).sorted { $0.text < $1.text }
        return change
    }

    /// The files that are not in force as they are on disk.
    func standings() -> [FileStanding] {
        candidates.compactMap { candidate in
            let file = accepted[candidate.name]
            let isGone = heldNames.contains(candidate.name)
            guard file == nil || isGone || keptNames.contains(candidate.name) else { return nil }
            return FileStanding(
                file: candidate.name,
                tenant: file?.file.tenant,
                state: isGone ? .gone : .refused,
                generation: file?.generation
            )
        }
    }

    private mutating func accept(_ kept: TenantDirectories.KeptFile, _ name: String) {
        accepted[name] = kept
        for token in kept.file.tokens { tokens[token.value.id] = (kept.file.tenant, token.place) }
    }

    /// What speaks against a file that is good by itself.
    private func problems(of file: TenantFile) -> [Finding] {
        var problems: [Finding] = []
        let profile = file.profile.value
        if let served = rules.served, !served.contains(profile) {
            let names = served.map(\.rawValue).sorted().joined(separator: ", ")
            problems.append(
                Finding(
                    .error,
                    "no listener serves profile '\(profile.rawValue)'",
                    at: file.profile.place,
                    fix: "use one of: \(names); or add a listener to gateway.yaml"
                )
            )
        }
        if let stored = rules.stores[file.tenant], !stored.isEmpty, !stored.contains(profile) {
            let clouds = stored.map(\.rawValue).sorted().joined(separator: ", ")
            problems.append(
                Finding(
                    .error,
                    "the learners of '\(file.tenant)' are stored under \(clouds)",
                    at: file.profile.place,
                    fix: "write profile: \(clouds); a store does not move from one cloud to another"
                )
            )
        }
        if let place = file.entraPlace, rules.withoutNetworks.contains(profile) {
            let download = CloudProfile.named(profile).networkListDownload
            problems.append(
                Finding(
                    .error,
                    "'entra' stands for networks that profile '\(profile.rawValue)' does not know yet",
                    at: place,
                    fix:
                        "take them from Microsoft's file (download \(download)): scim-gateway networks update FILE; "
                        + "or write any, or CIDRs"
                )
            )
        }
        for token in file.tokens {
            guard let first = tokens[token.value.id] else { continue }
            problems.append(
                Finding(
                    .error,
                    "token id '\(token.value.id)' is already used by tenant \(first.tenant) (\(first.place))",
                    at: token.place
                )
            )
        }
        return problems
    }
}
