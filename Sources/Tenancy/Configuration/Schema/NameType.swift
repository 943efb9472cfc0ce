internal import Configuration

extension SettingType where Value == EntityName {
    /// A name of ours.
    static let name = SettingType.scalar(.form(.name)) { (text) throws(SettingDamage) in
        guard let name = EntityName(text) else {
            throw SettingDamage(
                "'\(Quoted.text(text))' is no name",
                fix: "use 1 to \(EntityName.maximumLength) small letters, digits and dashes, no dash first"
            )
        }
        return name
    }
}

extension TextForm {
    /// ``EntityName``.
    static let name = TextForm(
        words: "a name of 1 to \(EntityName.maximumLength) small letters, digits and dashes, no dash first",
        example: "contoso",
        pattern: "^[a-z0-9][a-z0-9-]{0,62}$",
        // 42 is a number to YAML and a name to us.
        looksLike: .integer
    )
}
