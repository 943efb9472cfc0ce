/// Environment variables that go before the settings file: `SCIMGW_LIMITS__BODY=512KiB`.
///
/// The variable's name is the key's path in capitals, with two underscores between its parts, one
/// for each dash, and the number of an entry of a list, from 0:
/// `SCIMGW_LISTENERS__0__PUBLIC_URL`, `SCIMGW_PROFILES__GCC_HIGH__FIPS`. A list of plain values is
/// written with commas.
///
/// The prefix is that of the metrics. (One that equals the program's name would meet the variables
/// that Kubernetes sets for a service called scim-gateway.)
package struct EnvironmentOverrides {
    /// How the names begin.
    static let prefix = "SCIMGW_"

    /// The variables that are overrides, by name.
    private let variables: [(name: String, value: String)]

    /// Those among the variables of a process.
    package init(_ environment: [String: String]) {
        variables = environment.filter { $0.key.hasPrefix(Self.prefix) }
            .map { (name: $0.key, value: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The name of the variable that overrides the key of a path; nil where none does.
    package static func name(of path: [String]) -> String {
        let parts = path.map { part in
            String(part.uppercased().map { $0 == "-" ? "_" : $0 })
        }
        return prefix + parts.joined(separator: "__")
    }

    /// The file's root with what the variables say in it.
    ///
    /// One that names no key is told: it would be thought to be in force.
    package func applied(to root: YAMLNode, _ rows: [SettingRow], _ reading: inout FileReading) -> YAMLNode {
        variables.reduce(root) { root, variable in
            let place = FilePlace(file: variable.name)
            let parts = variable.name.dropFirst(Self.prefix.count).split(
                separator: "__",
                omittingEmptySubsequences: false
            )
            do throws(SettingDamage) {
                let path = parts.map { $0.lowercased() }
                return try Self.put(variable.value, at: path[...], in: root, .mapping(rows), place)
            } catch {
                reading.error(error.message, at: place, fix: error.fix)
                return root
            }
        }
    }

    /// The node with the value put at a path below it.
    private static func put(
        _ value: String,
        at path: ArraySlice<String>,
        in node: YAMLNode?,
        _ shape: SettingShape,
        _ place: FilePlace
    ) throws(SettingDamage) -> YAMLNode {
        switch (shape, path.first) {
        case (.mapping(let rows), let part?):
            guard let row = rows.first(where: { $0.name == part }) else {
                throw unknown(part, rows.map(\.name))
            }
            return try putting(value, at: path, under: row.name, row.shape, in: node, place)
        case (.mappings(let words, let rows), let part?):
            guard let word = words.first(where: { plain($0) == part }) else { throw unknown(part, words) }
            return try putting(value, at: path, under: word, .mapping(rows), in: node, place)
        case (.list(let element, _), let part?):
            guard case .sequence(var nodes) = node?.content, let index = Int(part),
                nodes.indices.contains(index)
            else {
                throw SettingDamage(
                    "the settings file has no entry \(Quoted.text(part)) of this list",
                    fix: "entries count from 0; write the entry in the file, and override its keys"
                )
            }
            nodes[index] = try put(value, at: path.dropFirst(), in: nodes[index], element, place)
            return YAMLNode(place: node?.place ?? place, content: .sequence(nodes))
        case (.mapping, nil), (.mappings, nil), (.list(.mapping, _), nil):
            throw SettingDamage("this names a group of keys", fix: "name one key: see scim-gateway explain")
        case (.list, nil):
            let entries = value.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
            let nodes = entries.map { YAMLNode(place: place, content: .scalar($0, isQuoted: true)) }
            return YAMLNode(place: place, content: .sequence(nodes))
        case (_, nil):
            return YAMLNode(place: place, content: .scalar(value, isQuoted: true))
        case (_, let part?):
            throw SettingDamage(
                "this key has no key '\(Quoted.text(part))' below it",
                fix: "see scim-gateway explain"
            )
        }
    }

    /// The mapping with the value put at the rest of the path under a key.
    private static func putting(
        _ value: String,
        at path: ArraySlice<String>,
        under key: String,
        _ shape: SettingShape,
        in node: YAMLNode?,
        _ place: FilePlace
    ) throws(SettingDamage) -> YAMLNode {
        var entries: [YAMLEntry] = []
        if let node, !node.isAbsent {
            // What is no mapping is told when the file is read; nothing can be put into it.
            guard case .mapping(let written) = node.content else { return node }
            entries = written
        }
        let index = entries.firstIndex { $0.key == key }
        let old = index.map { entries[$0] }
        let new = try put(value, at: path.dropFirst(), in: old?.value, shape, place)
        let entry = YAMLEntry(key: key, keyPlace: old?.keyPlace ?? place, value: new)
        if let index {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
        return YAMLNode(place: node?.place ?? place, content: .mapping(entries))
    }

    private static func unknown(_ part: String, _ names: [String]) -> SettingDamage {
        let near = Suggestion.nearest(to: part, among: names).map(plain)
        return SettingDamage(
            "there is no key '\(Quoted.text(part))' to override",
            fix: near.map { "did you mean \($0.uppercased())?" }
                ?? "use one of: \(names.map { plain($0).uppercased() }.joined(separator: ", "))"
        )
    }

    private static func plain(_ word: String) -> String {
        String(word.map { $0 == "-" ? "_" : $0 })
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
