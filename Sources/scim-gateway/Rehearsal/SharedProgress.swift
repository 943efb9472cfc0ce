/// A progress bar that several workers move.
actor SharedProgress {
    private var progress: Progress
    private var done = 0

    /// A work of so many steps.
    init(_ title: String, total: Int) {
        progress = Progress(title, total: total)
    }

    /// One more step is done.
    func step() {
        done += 1
        progress.show(done)
    }

    /// Nothing more is shown.
    func end() { progress.end() }
}
