"""What an auditor takes home: a part of the ledger in one file, and the program that judges it offline."""
