import ArgumentParser

/// Where a rehearsal's requests go, and with which token.
struct RehearsalOptions: ParsableArguments {
    @Option(help: "The Tenant URL. (default: that of the listener)")
    var url: String?

    @OptionGroup var routing: RouteOptions

    @Option(
        help: ArgumentHelp(
            "A token to use, - is stdin. (default: a pass, which the running gateway makes and forgets)",
            valueName: "file"
        ),
        completion: .file()
    )
    var tokenFile: String?
}
