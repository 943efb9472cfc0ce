import Store

/// What the writer knows of its file without reading it again.
///
/// It holds within one transaction, as long as nothing of that is undone: ``WriteBatch`` forgets it when it begins one,
/// and when it goes back to a savepoint.
struct WriterMemory {
    /// The place of the newest entry of the activity: each entry of a batch would read it anew.
    var newestLink: ActivityChain.Link?
}
