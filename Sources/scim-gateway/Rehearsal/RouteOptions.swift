import ArgumentParser

/// How a client of the public address finds its server, and whom it trusts.
struct RouteOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("PEM authorities to trust. (default: the system's)", valueName: "file"),
        completion: .file()
    )
    var ca: String?

    @Option(
        help: ArgumentHelp("HOST:PORT:ADDRESS in place of DNS. (default: none)", valueName: "entry")
    )
    var resolve: [String] = []

    func validate() throws {
        for entry in resolve where entry.split(separator: ":").count < 3 {
            throw ValidationError("--resolve takes HOST:PORT:ADDRESS, such as scim.msp.example:443:127.0.0.1")
        }
    }
}
