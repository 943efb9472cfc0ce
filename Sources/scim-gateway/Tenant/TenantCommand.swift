import ArgumentParser

/// `scim-gateway tenant …`.
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant",
        abstract: "Work with tenants: their files, their state, and the guide for their people.",
        discussion: """
            A tenant is a file, tenants/NAME.yaml. To remove one, take its file away: its tokens get 401 then, and its store \
            stays until it is purged.

            Example: scim-gateway tenant list
            """,
        subcommands: [
            List.self, Show.self, Add.self, Pause.self, Resume.self, Disable.self, Guide.self,
            TenantExport.self, TenantImport.self, TenantPurge.self,
        ]
    )
}
