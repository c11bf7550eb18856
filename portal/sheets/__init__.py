"""The spreadsheet, in and out: people from elsewhere, and lists to take along."""
