import ArgumentParser

/// Where a rehearsal's requests go, and with which token.
struct RehearsalOptions: ParsableArguments {
    @Option(help: "The Tenant URL. (default: that of the listener)")
    var url: String?

    @Option(
        help: ArgumentHelp("PEM authorities to trust. (default: the system's)", valueName: "file"),
        completion: .file()
    )
    var ca: String?

    @Option(
        help: ArgumentHelp("HOST:PORT:ADDRESS in place of DNS. (default: none)", valueName: "entry")
    )
    var resolve: [String] = []

    @Option(
        help: ArgumentHelp(
            "A token to use, - is stdin. (default: a pass, which the running gateway makes and forgets)",
            valueName: "file"
        ),
        completion: .file()
    )
    var tokenFile: String?

    func validate() throws {
        for entry in resolve where entry.split(separator: ":").count < 3 {
            throw ValidationError("--resolve takes HOST:PORT:ADDRESS, such as scim.msp.example:443:127.0.0.1")
        }
    }
}
