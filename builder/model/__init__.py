"""The values that stages hand each other: frozen, and frozen inside as well."""
