import ArgumentParser

/// Where a rehearsal's requests go, and with which token.
struct RehearsalOptions: ParsableArguments {
    @Option(help: "The Tenant URL. [default: public_url of the tenant's listener, and /scim/v2]")
    var url: String?

    @Option(help: "A PEM file of authorities to trust. [default: the system's]")
    var ca: String?

    @Option(help: "HOST:PORT:ADDRESS, for a name that this machine does not know. Repeat it for several.")
    var resolve: [String] = []

    @Option(
        help: """
            A file with a token of the connection, - for stdin. [default: a pass that the running gateway makes, and \
            forgets]
            """
    )
    var tokenFile: String?

    func validate() throws {
        for entry in resolve where entry.split(separator: ":").count < 3 {
            throw ValidationError("--resolve takes HOST:PORT:ADDRESS, such as scim.msp.example:443:127.0.0.1")
        }
    }
}
