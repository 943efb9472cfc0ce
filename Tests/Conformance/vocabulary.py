"""URNs and bodies that the requests have in common."""

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


def user(name: str, /, **more) -> dict:
    return {"schemas": [USER], "userName": f"{name}@example.com", "active": True, **more}


def enterprise_user(name: str, enterprise: dict, /, **more) -> dict:
    return user(name, **{"schemas": [USER, ENTERPRISE], ENTERPRISE: enterprise, **more})


def group(name: str, /, *members: str, **more) -> dict:
    body = {"schemas": [GROUP], "displayName": name, **more}
    if members:
        body["members"] = [{"value": member} for member in members]
    return body


def patch(*operations: dict) -> dict:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def op(name: str, path: str | None = None, *value) -> dict:
    """op("add", "title", "Dr"); without a value: op("remove", "title")."""
    return {"op": name, **({"path": path} if path is not None else {}), **({"value": value[0]} if value else {})}
