"""Publishers' files as they give them, read into our columns and held against what the tables have."""
