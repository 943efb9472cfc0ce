internal import Configuration
package import SCIM

/// Microsoft's weekly file of the networks that its services use, as far as this program needs it.
///
/// ```
/// {"changeNumber": 384, "cloud": "Public", "values": [
///   {"name": "AzureActiveDirectory", "properties": {"addressPrefixes": ["203.0.113.0/28", "2001:db8::/48"]}}, …]}
/// ```
///
/// Source: Microsoft, "Virtual network service tags"; the downloads 56519 (public), 57063 (US Government) and 57062
/// (China), each with its cloud's name inside.
package enum ServiceTagFile {
    /// Why a file gives no list.
    package struct Problem: Error, Sendable {
        /// What is wrong with the file.
        package let sentence: String
    }

    /// The networks of ``NetworkList/tag`` in a file.
    ///
    /// The name tells the day of the file, `ServiceTags_Public_20261123.json`; under another name, now is taken for it.
    ///
    /// - Throws: what is wrong with the file: it is taken whole or not at all.
    package static func read(_ bytes: [UInt8], name: String, now: Timestamp) throws(Problem) -> NetworkList {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(bytes)
        } catch {
            throw Problem(sentence: "it is not JSON: at byte \(error.byteOffset), \(error.code.rawValue)")
        }
        guard case .object(let file) = value, case .string(let cloud)? = file["cloud"],
            case .number(let number)? = file["changeNumber"], let changeNumber = Int64(number.text),
            case .array(let values)? = file["values"]
        else {
            throw Problem(
                sentence: "it is no file of service tags: cloud, changeNumber and values belong in it"
            )
        }
        let prefixes = values.lazy.compactMap(Self.prefixes).first
        guard let prefixes, !prefixes.isEmpty else {
            throw Problem(sentence: "it holds no networks of the service tag \(NetworkList.tag)")
        }
        return NetworkList(
            cloud: cloud,
            changeNumber: changeNumber,
            issued: day(in: name).map { min($0, now) } ?? now,
            networks: try networks(prefixes)
        )
    }

    /// The networks of these texts.
    ///
    /// - Throws: which one is none.
    package static func networks(_ prefixes: [String]) throws(Problem) -> [Network] {
        guard prefixes.count <= TenancyLimits.serviceTagNetworks else {
            throw Problem(
                sentence: "it holds more than \(TenancyLimits.serviceTagNetworks) networks of a tag"
            )
        }
        var networks: [Network] = []
        for prefix in prefixes {
            do throws(Network.Damage) {
                networks.append(try Network(prefix))
            } catch {
                throw Problem(sentence: "'\(Quoted.text(prefix))' in it is no network")
            }
        }
        return networks
    }

    /// The prefixes of an entry, when it is that of the tag.
    private static func prefixes(of value: JSONValue) -> [String]? {
        guard case .object(let entry) = value, case .string(NetworkList.tag)? = entry["name"],
            case .object(let properties)? = entry["properties"],
            case .array(let values)? = properties["addressPrefixes"]
        else { return nil }
        return values.map { value in
            // What is no text is no network either, and is told as such.
            if case .string(let text) = value { text } else { "" }
        }
    }

    /// The day in `ServiceTags_Public_20261123.json`.
    private static func day(in name: String) -> Timestamp? {
        guard let stem = name.split(separator: "/").last, stem.hasSuffix(".json"),
            let digits = stem.dropLast(".json".count).split(separator: "_").last, digits.utf8.count == 8
        else { return nil }
        let (year, month, day) = (digits.prefix(4), digits.dropFirst(4).prefix(2), digits.suffix(2))
        return Timestamp(rfc3339: "\(year)-\(month)-\(day)T00:00:00Z")
    }
}
