import ArgumentParser

/// The command line of the benchmarks; `deploy/bench` builds and calls it.
@main
struct ScimBenchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scim-benchmarks",
        abstract: "Measures what requests cost. No test: figures are compared by people.",
        subcommands: [Growth.self, Trial.self, Repetition.self]
    )
}
