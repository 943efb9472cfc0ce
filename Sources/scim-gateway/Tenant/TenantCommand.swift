import ArgumentParser

/// `scim-gateway tenant …`.
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant",
        abstract: "Work with tenants as a whole.",
        discussion: "Example: scim-gateway tenant export contoso > contoso.jsonl",
        subcommands: [TenantExport.self, TenantImport.self, TenantPurge.self]
    )
}
