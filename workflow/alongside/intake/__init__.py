"""Exports in, answers out: nobody lost, nobody confused with another."""
