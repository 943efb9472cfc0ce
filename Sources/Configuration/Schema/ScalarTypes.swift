package import SCIM

/// Why a written value cannot be read.
package struct SettingDamage: Error {
    /// What is wrong, as ``Finding/message``.
    package let message: String
    /// What to do; nil when the message says it.
    package let fix: String?
    /// Whether the value may be a secret, and must not be shown.
    let isSecret: Bool

    /// A reason, with what to do.
    package init(_ message: String, fix: String? = nil, isSecret: Bool = false) {
        self.message = message
        self.fix = fix
        self.isSecret = isSecret
    }
}

extension SettingType {
    /// A value that is read from one text.
    package static func scalar(
        _ shape: SettingShape,
        _ parse: @escaping @Sendable (String) throws(SettingDamage) -> Value
    ) -> SettingType {
        SettingType(shape: shape) { node, reading in
            guard case .scalar(let text, _) = node.content else {
                reading.error("one value belongs here, not a list or keys", at: node.place)
                return nil
            }
            do throws(SettingDamage) {
                guard let reference = try OutsideReference.reading(text) else { return try parse(text) }
                let value = try reading.outsideValue(of: reference)
                do throws(SettingDamage) {
                    return try parse(value)
                } catch {
                    // What it says may show the value.
                    throw SettingDamage(
                        "the value of \(Quoted.text(text)) cannot be used here",
                        fix: "it must be \(shape.words)"
                    )
                }
            } catch {
                if error.isSecret { reading.hide(from: node.place) }
                reading.error(error.message, at: node.place, fix: error.fix.map(reading.naming))
                return nil
            }
        }
    }
}

extension SettingType where Value == String {
    /// Free text: not empty, without control characters.
    package static func text(atMost limit: Int = ConfigurationLimits.textBytes) -> SettingType {
        .scalar(.text(maximumBytes: limit)) { (text) throws(SettingDamage) in
            guard !text.isEmpty else { throw SettingDamage("the text is empty") }
            guard text.utf8.count <= limit else {
                throw SettingDamage("the text has more than \(limit) bytes")
            }
            guard !text.unicodeScalars.contains(where: SourceText.isControl) else {
                throw SettingDamage("the text holds a line break or a control character")
            }
            return text
        }
    }

    /// A path as written.
    package static let path = SettingType.scalar(.path) { (text) throws(SettingDamage) in
        guard !text.isEmpty, text.utf8.count <= ConfigurationLimits.pathBytes,
            !text.unicodeScalars.contains(where: SourceText.isControl)
        else { throw SettingDamage("this is no path", fix: "write the path of a file", isSecret: true) }
        return text
    }
}

extension SettingType where Value == Bool {
    /// `true` or `false`, and no other word for them.
    package static let flag = SettingType.scalar(.flag) { (text) throws(SettingDamage) in
        switch text {
        case "true": return true
        case "false": return false
        default: throw SettingDamage("'\(Quoted.text(text))' is neither true nor false")
        }
    }
}

extension SettingType where Value: RawRepresentable<String> & CaseIterable {
    /// One of an enumeration's words.
    ///
    /// The noun is what the words name, for the message.
    package static func choice(_ noun: String) -> SettingType {
        let words = Value.allCases.map(\.rawValue)
        return .scalar(.choice(words)) { (text) throws(SettingDamage) in
            if let value = Value(rawValue: text) { return value }
            throw SettingDamage(
                "\(noun) '\(Quoted.text(text))' does not exist",
                fix: "use one of: \(words.joined(separator: ", "))"
            )
        }
    }
}

extension SettingType where Value == Int {
    /// A whole number in decimal digits.
    package static func integer(_ range: ClosedRange<Int>) -> SettingType {
        .scalar(.integer(range)) { (text) throws(SettingDamage) in
            let isPlain = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isPlain, let number = Int(text) else {
                throw SettingDamage("'\(Quoted.text(text))' is no whole number", fix: "use digits only")
            }
            guard range.contains(number) else {
                let bounds = range.count == 1 ? "" : " to \(range.upperBound)"
                throw SettingDamage("\(number) is out of range", fix: "use \(range.lowerBound)\(bounds)")
            }
            return number
        }
    }

    /// A number of bytes with its unit.
    package static func size(_ range: ClosedRange<Int>) -> SettingType {
        .scalar(.size(range)) { (text) throws(SettingDamage) in
            let bytes = try Quantity.bytes(text)
            guard range.contains(bytes) else {
                throw SettingDamage(
                    "'\(Quoted.text(text))' is out of range",
                    fix: "use \(range.lowerBound)B to \(range.upperBound)B"
                )
            }
            return bytes
        }
    }
}

extension SettingType where Value == Duration {
    /// A number with its unit of time.
    package static func duration(_ range: ClosedRange<Duration>) -> SettingType {
        .scalar(.duration(range)) { (text) throws(SettingDamage) in
            let duration = try Quantity.duration(text)
            guard range.contains(duration) else {
                let bounds = "\(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))"
                throw SettingDamage("'\(Quoted.text(text))' is out of range", fix: "use \(bounds)")
            }
            return duration
        }
    }
}

extension SettingType where Value == Timestamp {
    /// A day, or a moment with its zone.
    package static let moment = SettingType.scalar(.moment) { (text) throws(SettingDamage) in
        let isDay = text.utf8.count == 10
        guard let moment = Timestamp(rfc3339: isDay ? text + "T00:00:00Z" : text) else {
            throw SettingDamage(
                "'\(Quoted.text(text))' is no date",
                fix: "write 2027-11-23, or 2027-11-23T12:00:00Z with its zone"
            )
        }
        return moment
    }

    /// `true`, which is the beginning of time, or a moment.
    package static let trueOrMoment = SettingType.scalar(.trueOrMoment) { (text) throws(SettingDamage) in
        if text == "true" { return Timestamp(milliseconds: 0) }
        guard let moment = Timestamp(rfc3339: text.utf8.count == 10 ? text + "T00:00:00Z" : text) else {
            throw SettingDamage(
                "'\(Quoted.text(text))' is neither true nor a date",
                fix: "write true, or 2027-11-23"
            )
        }
        return moment
    }
}
