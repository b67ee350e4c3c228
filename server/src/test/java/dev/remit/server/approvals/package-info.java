/// Approvals over a real database and a real ledger, with time and what is declared in the hands of
/// the test.
