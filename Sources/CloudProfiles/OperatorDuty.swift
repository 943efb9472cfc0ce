/// What a cloud demands that no program on the machine can see: the operator sees to it, and attests it.
///
/// Choices made from SP 800-171 (3.3.7, 3.13.11, 3.13.16), DFARS 252.204-7012 and Microsoft's service descriptions.
package enum OperatorDuty: Sendable, Equatable {
    /// The FIPS module has an active certificate, and is installed as its security policy says.
    case validatedModule
    /// What lies on disk is encrypted: data folder, backups, logs.
    case encryptionAtRest
    /// Where machines and backups are, and who may reach them: `the United States`.
    case location(String)
    /// The machine's clock follows a named source.
    case clock
    /// Connections take requests from the cloud's networks only.
    case sourceNetworks
}
