"""Kazakhstan–Russia relations: data, arithmetic and reports."""
