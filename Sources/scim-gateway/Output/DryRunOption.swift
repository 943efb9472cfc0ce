import ArgumentParser

/// `--dry-run`, for commands whose orders the desk checks the same way and then does not carry out.
struct DryRunOption: ParsableArguments {
    @Flag(help: "Check everything, tell what would be done, and change nothing. (default: off)")
    var dryRun = false
}
