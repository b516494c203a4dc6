"""Eval cases made of incidents: the golden set, and the proof that a case catches what it was made for."""
