"""Where facts and files come from: manifests, catalogues, and the store that keeps them."""
