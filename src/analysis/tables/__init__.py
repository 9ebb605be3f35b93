"""The tables: read, checked against their schema, cited, catalogued."""
