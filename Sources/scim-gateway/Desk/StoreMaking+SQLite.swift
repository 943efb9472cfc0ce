import CloudProfiles
import Foundation
import Gateway
import SQLiteStore
import Store
import Tenancy

extension StoreMaking {
    /// One SQLite file per tenant and one control database per profile, below the data folder of the settings.
    static func sqlite(_ settings: GatewaySettings) -> StoreMaking {
        let root = settings.storage.directory
        let engine = SQLiteEngine(directory: root)
        return StoreMaking(
            backend: "sqlite",
            tenant: { tenant, profile, keeping throws(StoreError) in
                try await engine.openTenant(tenant, profile, keeping)
            },
            control: { profile throws(StoreError) in try await engine.openControl(profile) },
            existing: { profile in
                let folder = "\(root)/\(profile.rawValue)/tenants"
                // A folder that is not there yet holds no store.
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                return names.filter { $0.hasSuffix(".sqlite") }.map {
                    Tenant.ID(String($0.dropLast(".sqlite".count)))
                }
            },
            files: { tenant, profile in engine.files(of: tenant, profile) },
            remove: { tenant, profile throws(StoreError) in try await engine.remove(tenant, profile) },
            isFile: { FileManager.default.fileExists(atPath: $0) }
        )
    }
}
