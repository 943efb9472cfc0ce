import Tenancy

/// The page about a file: each key as `explain` tells it.
struct ManualOfKeys {
    /// Whose keys.
    let file: KnownKey.File
    /// The page's name.
    let name: String

    /// The page.
    var page: String {
        let isSettings = file == .gateway
        var page = ManualPage(
            name,
            section: 5,
            title: isSettings ? "settings of scim-gateway" : "a tenant of scim-gateway"
        )
        page.heading("DESCRIPTION")
        page.paragraph(isSettings ? Self.settings : Self.tenant)
        page.heading("KEYS")
        for key in KnownKey.all where key.file == file {
            let lines = key.explanation.dropFirst().map { $0.drop { $0 == " " } }
            page.item(key.name, lines.map(String.init))
        }
        page.heading("SEE ALSO")
        page.paragraph("scim-gateway(1), \(isSettings ? "tenant.yaml" : "gateway.yaml")(5)")
        return page.text
    }

    private static let settings = """
        YAML 1.2. scim-gateway config init writes a first file with every key; scim-gateway config check tells what is wrong \
        with one, with file, line and column.

        A value may be elsewhere: ${file:PATH} or ${env:NAME}, whole, with nothing beside it. Each plain key has a variable \
        of the environment that goes before the file.
        """

    private static let tenant = """
        YAML 1.2, one file a tenant, whose name is the tenant's and .yaml. scim-gateway tenant add writes one, and scim-gateway \
        config check tells what is wrong with it.

        A value may be elsewhere: ${file:PATH} or ${env:NAME}, whole, with nothing beside it.
        """
}
